/**
 * What acts: the words of a script itself, and the containers, pods, processes and files that it has in its hands.
 *
 * <p>May know {@code word}, {@code source}, {@code rehearsal} and {@code block}, and the runtime. Who runs the script,
 * and how it was compiled, is not known here: a {@link dev.gantry.dsl.live.ScriptRun} is handed in. Start with
 * {@link dev.gantry.dsl.live.CtrScript} and {@link dev.gantry.dsl.live.LiveContainer}.
 */
package dev.gantry.dsl.live;
