/**
 * The face of live containers for callers in Java: {@link dev.gantry.runtime.Gantry} opens a state root and hands out
 * {@link dev.gantry.runtime.Container} objects, which delegate to the verbs in {@code dev.gantry.launch}.
 *
 * <p>What is handed in and given back is in {@code dev.gantry.value}: the verbs speak of it too, so it cannot lie here.
 * A few live objects come from further inside, such as the files of {@link dev.gantry.runtime.Container#root}. All else
 * that is public in the packages below is the module's own; the specs of the modules above name what they may use.
 *
 * <p>The package is called as its module, since it is the module's face; {@code dev.gantry.container} would say no more
 * and promise that all about containers is in it. Prints nothing, knows no script, and nothing in the module knows it.
 */
package dev.gantry.runtime;
