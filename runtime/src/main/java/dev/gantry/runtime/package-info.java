/**
 * Live containers: making, starting, watching and removing them, and the state that survives this process.
 *
 * <p>{@link dev.gantry.runtime.Gantry} opens a state root and hands out {@link dev.gantry.runtime.Container} objects. A
 * launch is planned in {@code dev.gantry.plan} and carried out by {@code Launcher}. Prints nothing, knows no script.
 */
package dev.gantry.runtime;
