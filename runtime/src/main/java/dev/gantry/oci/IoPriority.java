package dev.gantry.oci;

/**
 * Sets the I/O priority of a process, see {@code ioprio_set(2)}.
 *
 * @param ioClass {@code class} in the document, which is no name in Java
 * @param priority 0, the highest, to 7
 */
public record IoPriority(IoPriorityClass ioClass, Integer priority) {}
