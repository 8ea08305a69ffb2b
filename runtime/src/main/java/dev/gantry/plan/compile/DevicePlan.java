package dev.gantry.plan.compile;

import static dev.gantry.oci.NamespaceType.USER;

import dev.gantry.oci.Device;
import dev.gantry.oci.DeviceType;
import dev.gantry.oci.Mount;
import dev.gantry.oci.OciConfig;
import dev.gantry.plan.MountOptions;
import dev.gantry.plan.NodeStep;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Plans the devices of the container; none where a mount of the config brings a whole {@code /dev}. */
final class DevicePlan {
    private static final List<Device> DEFAULT_DEVICES = List.of(
            character("/dev/null", 1, 3),
            character("/dev/zero", 1, 5),
            character("/dev/full", 1, 7),
            character("/dev/random", 1, 8),
            character("/dev/urandom", 1, 9),
            character("/dev/tty", 5, 0));

    private static final Map<String, String> DEFAULT_LINKS = Map.of(
            "/dev/fd", "/proc/self/fd",
            "/dev/stdin", "/proc/self/fd/0",
            "/dev/stdout", "/proc/self/fd/1",
            "/dev/stderr", "/proc/self/fd/2",
            "/dev/core", "/proc/kcore",
            "/dev/ptmx", "pts/ptmx");

    private final OciConfig config;
    private final NamespacePlan namespaces;
    private final MountSources sources;

    DevicePlan(OciConfig config, NamespacePlan namespaces, MountSources sources) {
        this.config = config;
        this.namespaces = namespaces;
        this.sources = sources;
    }

    /** Stage one: makes the nodes that nobody may make later. */
    void open(Steps steps) {
        if (isWanted()) {
            sources.openNodes(steps);
        }
    }

    /** Makes them in the root. */
    void make(Steps steps) {
        if (!isWanted()) {
            return;
        }
        List<Device> own = config.linux().devices();
        DEFAULT_DEVICES.stream()
                .filter(device -> own.stream().noneMatch(o -> o.path().equals(device.path())))
                .forEach(device -> device(steps, Steps.DEFAULT, device, OptionalInt.empty()));
        for (int i = 0; i < own.size(); i++) {
            device(steps, "linux.devices[" + i + "]", own.get(i), sources.node(i));
        }
        DEFAULT_LINKS.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(link -> steps.add(Steps.DEFAULT, new NodeStep.Symlink(link.getValue(), link.getKey())));
    }

    private boolean isWanted() {
        return config.mounts().stream().noneMatch(DevicePlan::bindsDev);
    }

    private static boolean bindsDev(Mount mount) {
        return MountSources.isBind(mount, MountOptions.parse(mount.options()))
                && Paths.clean(mount.destination()).equals("/dev");
    }

    /**
     * Only the initial user namespace may make device nodes; elsewhere the host's are bound, or what was made before.
     */
    private void device(Steps steps, String origin, Device device, OptionalInt opened) {
        if (namespaces.has(USER) && device.type() != DeviceType.FIFO) {
            steps.add(origin, new NodeStep.BindDevice(device, opened));
        } else {
            steps.add(origin, new NodeStep.Mknod(device));
        }
    }

    private static Device character(String path, long major, long minor) {
        return new Device(DeviceType.CHARACTER, path, major, minor, 0666L, 0L, 0L);
    }
}
