package dev.gantry.runtime;

import dev.gantry.proc.MountInfo;
import java.util.List;
import java.util.stream.Stream;

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

    static ContainerMount of(MountInfo mount) {
        List<String> options = Stream.of(mount.options(), mount.superOptions())
                .flatMap(all -> Stream.of(all.split(",")))
                .distinct()
                .toList();
        return new ContainerMount(mount.point(), mount.type(), mount.source(), options);
    }
}
