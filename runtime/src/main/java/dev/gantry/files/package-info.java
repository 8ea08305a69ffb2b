/**
 * Java's files as Linux has them: {@link dev.gantry.files.RawPath} has names of any bytes, {@link
 * dev.gantry.files.WholeFile} what is held in memory as a whole, {@link dev.gantry.files.IoReason} the kernel's
 * reasons. Knows only the packages {@code error}, {@code kernel} and {@code wire}.
 */
package dev.gantry.files;
