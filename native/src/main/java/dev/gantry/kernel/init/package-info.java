/**
 * {@code gantry-init} from the JVM's side: the program itself, and the conversation with one of its processes.
 *
 * <p>The C sources are in {@code native/src/main/c}; what is said on the socket is defined in {@code dev.gantry.wire}.
 */
package dev.gantry.kernel.init;
