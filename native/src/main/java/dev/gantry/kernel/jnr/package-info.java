/**
 * The kernel through JNR: the only package that touches native memory and native functions.
 *
 * <p>Calls go through jffi, the layer on which jnr-ffi itself stands, not through jnr-ffi's generated proxies: those
 * cost every cold command about 100 ms more (docs/adr/0002). Start reading at
 * {@link dev.gantry.kernel.jnr.LinuxKernel}, which hands each call to the class of its subject: {@code LinuxFiles},
 * {@code LinuxSockets}, {@code LinuxProcesses}, {@code LinuxEvents}.
 */
package dev.gantry.kernel.jnr;
