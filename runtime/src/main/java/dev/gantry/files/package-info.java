/**
 * Java's files as Linux has them: {@link dev.gantry.files.RawPath} has names of any bytes, {@link
 * dev.gantry.files.IoReason} the kernel's reasons. Knows nothing of containers.
 */
package dev.gantry.files;
