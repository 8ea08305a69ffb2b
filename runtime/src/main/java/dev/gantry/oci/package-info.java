/**
 * The OCI runtime specification, version 1.3, for Linux and virtual machines: a {@code config.json} as records.
 *
 * <p>Pure: touches neither the kernel nor the file system. Depends on {@code dev.gantry.json} and
 * {@code dev.gantry.error}. Start with {@link dev.gantry.oci.OciConfig}; {@link dev.gantry.oci.codec.OciReader} and
 * {@link dev.gantry.oci.codec.OciWriter} move it from and to JSON, {@link dev.gantry.oci.rules.OciValidator} judges it.
 *
 * <p>For all records: components are called as in the specification. A scalar or object that is absent is null. Lists
 * and maps are never null, cannot be modified and keep their order; absent ones are empty, and null given to a
 * constructor counts as absent. The one exception is {@link dev.gantry.oci.Seccomp#flags()}. A record holds what the
 * document says, be it sensible or not; nothing is checked or filled in. Paths are text: what they mean depends on
 * where they are used.
 */
package dev.gantry.oci;
