package dev.gantry.value;

import java.util.List;

/**
 * A mount as a container sees it.
 *
 * @param target where it is
 * @param type of file system
 * @param source what the kernel calls it
 * @param options those of the mount, then those of its file system
 */
public record ContainerMount(String target, String type, String source, List<String> options) {
    public ContainerMount {
        options = List.copyOf(options);
    }

    /** Returns a line as mount(8) writes it. */
    @Override
    public String toString() {
        return "%s on %s type %s (%s)".formatted(source, target, type, String.join(",", options));
    }
}
