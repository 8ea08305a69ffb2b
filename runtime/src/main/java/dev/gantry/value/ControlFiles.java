package dev.gantry.value;

import dev.gantry.error.ContainerException;
import java.util.List;

/**
 * The control files of a container's cgroup by name, wherever its hierarchies keep them; cgroup v2's names for memory
 * are understood on cgroup v1 too. Any thread may use it.
 */
public interface ControlFiles {
    /**
     * Returns what a file says, without the line feed at its end.
     *
     * @throws ContainerException if there is no such file, or it is only for writing
     */
    String read(String name);

    /**
     * Writes to a file. What is written there is in force at once, and nothing remembers it.
     *
     * @throws ContainerException if there is no such file, or the kernel refuses the value
     */
    void write(String name, String value);

    /** Returns the names of all files, sorted. */
    List<String> names();
}
