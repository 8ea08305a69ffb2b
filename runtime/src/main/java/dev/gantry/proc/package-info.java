/**
 * What {@code /proc} says about processes, their mounts and sockets: one parser for each of its files.
 *
 * <p>{@link dev.gantry.proc.ProcessTable} tells one process from a later one of the same pid; {@link
 * dev.gantry.proc.MountInfo} is the only reader of mountinfo. Nothing here knows what a container is: a process is a
 * pid. Knows only the packages {@code kernel} and {@code wire}.
 */
package dev.gantry.proc;
