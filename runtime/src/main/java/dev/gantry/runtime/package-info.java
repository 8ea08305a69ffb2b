/**
 * The face of live containers for callers in Java: {@link dev.gantry.runtime.Gantry} opens a state root and hands out
 * {@link dev.gantry.runtime.Container} objects, which delegate to the verbs in {@code dev.gantry.launch}.
 *
 * <p>What is handed in and given back is in {@code dev.gantry.value}: the verbs speak of it too, so it cannot lie here.
 * No public signature names anything further inside; {@link dev.gantry.runtime.Internals} is the door through which the
 * command line and the language reach that, and the specs of these modules name what they may take from it.
 *
 * <p>The package is called as its module, since it is the module's face; {@code dev.gantry.container} would say no more
 * and promise that all about containers is in it. Prints nothing, knows no script, and nothing in the module knows it.
 */
package dev.gantry.runtime;
