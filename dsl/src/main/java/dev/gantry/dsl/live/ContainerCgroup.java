package dev.gantry.dsl.live;

import dev.gantry.dsl.word.ByteSize;
import dev.gantry.dsl.word.Called;
import dev.gantry.value.ControlFiles;
import groovy.lang.GString;
import java.util.List;

/**
 * The control files of a container's cgroup: {@code box.cgroup['memory.max'] = 256.MiB}. What is written is in force at
 * once and remembered nowhere; {@code update} is the way that checks and remembers.
 */
@Called("a cgroup")
public final class ContainerCgroup {
    private final ControlFiles files;

    ContainerCgroup(ControlFiles files) {
        this.files = files;
    }

    /** Returns what a file says. */
    public String getAt(String name) {
        return files.read(name);
    }

    /** Does the same for a text with values in it. */
    public String getAt(GString name) {
        return getAt(name.toString());
    }

    /** Writes to a file: a text, a number, or a size in bytes. */
    public void putAt(String name, Object value) {
        files.write(name, value instanceof ByteSize size ? Long.toString(size.bytes()) : String.valueOf(value));
    }

    /** Returns the names of the files, sorted. */
    public List<String> getNames() {
        return files.names();
    }

    @Override
    public String toString() {
        return String.join("\n", getNames());
    }
}
