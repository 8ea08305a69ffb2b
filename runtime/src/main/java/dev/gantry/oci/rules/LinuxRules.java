package dev.gantry.oci.rules;

import dev.gantry.error.Shown;
import dev.gantry.oci.Device;
import dev.gantry.oci.DeviceType;
import dev.gantry.oci.IntelRdt;
import dev.gantry.oci.Linux;
import dev.gantry.oci.NetDevice;
import java.util.List;
import java.util.Map;

/** Judges {@code linux}, but for what {@link NamespaceRules} does. */
final class LinuxRules {
    private static final int MAX_MAJOR = (1 << 12) - 1; // of dev_t inside the kernel
    private static final int MAX_MINOR = (1 << 20) - 1;

    private LinuxRules() {}

    static void check(Linux linux, Place place) {
        if (linux.resources() != null) {
            ResourceRules.check(linux.resources(), place.member("resources"));
        }
        for (int i = 0; i < linux.devices().size(); i++) {
            device(linux.devices().get(i), place.item("devices", i));
        }
        netDevices(linux.netDevices(), place);
        if (linux.seccomp() != null) {
            SeccompRules.check(linux.seccomp(), place.member("seccomp"));
        }
        absolutePaths(linux.maskedPaths(), place, "maskedPaths");
        absolutePaths(linux.readonlyPaths(), place, "readonlyPaths");
        if (linux.intelRdt() != null) {
            intelRdt(linux.intelRdt(), place.member("intelRdt"));
        }
        if (linux.memoryPolicy() != null) {
            Place at = place.member("memoryPolicy");
            at.requires("mode", linux.memoryPolicy().mode());
            ProcessRules.numbers(linux.memoryPolicy().nodes(), at.member("nodes"));
        }
        if (linux.personality() != null) {
            place.member("personality").requires("domain", linux.personality().domain());
        }
    }

    private static void device(Device device, Place place) {
        place.requires("type", device.type());
        place.requiresAbsolutePath("path", device.path());
        if (device.type() != DeviceType.FIFO) {
            place.requires("major", device.major());
            place.requires("minor", device.minor());
        }
        place.range("major", device.major(), 0, MAX_MAJOR);
        place.range("minor", device.minor(), 0, MAX_MINOR);
    }

    private static void netDevices(Map<String, NetDevice> devices, Place place) {
        for (Map.Entry<String, NetDevice> device : devices.entrySet()) {
            Place at = place.entry("netDevices", device.getKey());
            interfaceName(device.getKey(), at);
            if (device.getValue().name() != null) {
                interfaceName(device.getValue().name(), at.member("name"));
            }
        }
    }

    private static void interfaceName(String name, Place place) {
        if (!name.matches("[^\\s/:]{1,15}") || name.equals(".") || name.equals("..")) {
            place.error("`%s` is not a name for a network interface".formatted(Shown.shortened(name)));
        }
    }

    private static void absolutePaths(List<String> paths, Place place, String name) {
        for (int i = 0; i < paths.size(); i++) {
            place.item(name, i).absolutePath(paths.get(i));
        }
    }

    private static void intelRdt(IntelRdt rdt, Place place) {
        String closID = rdt.closID();
        if (closID != null && (closID.contains("/") || closID.equals(".") || closID.equals(".."))) {
            place.member("closID").error("`%s` is not a file name".formatted(Shown.shortened(closID)));
        }
        if (rdt.memBwSchema() != null && !rdt.memBwSchema().matches("MB:[^\\n]*")) {
            place.member("memBwSchema").error("`memBwSchema` must be one line that begins with `MB:`");
        }
    }
}
