/**
 * A script as text: where its lines are, what is wrong in which of them, and how a run of it ends.
 *
 * <p>Nothing here compiles a script or runs it. May know {@code word}, in whose terms mistakes are put, and no other
 * package of {@code dev.gantry.dsl}. Start with {@link dev.gantry.dsl.source.ScriptSource}.
 */
package dev.gantry.dsl.source;
