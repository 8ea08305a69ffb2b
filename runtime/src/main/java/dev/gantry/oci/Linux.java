package dev.gantry.oci;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Describes what only Linux has.
 *
 * @param uidMappings of the user namespace
 * @param gidMappings of the user namespace
 * @param sysctl names with dots
 * @param cgroupsPath a path, or {@code slice:prefix:name} for systemd; null means one named after the container
 * @param namespaces what is not listed is shared with the caller
 * @param netDevices host interfaces to move into the container, by their name on the host
 * @param maskedPaths absolute, as the container sees them
 * @param readonlyPaths absolute, as the container sees them
 * @param mountLabel SELinux context of the mounts
 */
public record Linux(
        List<IdMapping> uidMappings,
        List<IdMapping> gidMappings,
        Map<String, String> sysctl,
        Resources resources,
        String cgroupsPath,
        List<Namespace> namespaces,
        List<Device> devices,
        Map<String, NetDevice> netDevices,
        Seccomp seccomp,
        RootfsPropagation rootfsPropagation,
        List<String> maskedPaths,
        List<String> readonlyPaths,
        String mountLabel,
        IntelRdt intelRdt,
        MemoryPolicy memoryPolicy,
        Personality personality,
        TimeOffsets timeOffsets) {
    public Linux {
        uidMappings = Copies.list(uidMappings);
        gidMappings = Copies.list(gidMappings);
        sysctl = Copies.map(sysctl);
        namespaces = Copies.list(namespaces);
        devices = Copies.list(devices);
        netDevices = Copies.map(netDevices);
        maskedPaths = Copies.list(maskedPaths);
        readonlyPaths = Copies.list(readonlyPaths);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder with everything set as it is here. */
    public Builder toBuilder() {
        return builder()
                .uidMappings(uidMappings)
                .gidMappings(gidMappings)
                .sysctl(sysctl)
                .resources(resources)
                .cgroupsPath(cgroupsPath)
                .namespaces(namespaces)
                .devices(devices)
                .netDevices(netDevices)
                .seccomp(seccomp)
                .rootfsPropagation(rootfsPropagation)
                .maskedPaths(maskedPaths)
                .readonlyPaths(readonlyPaths)
                .mountLabel(mountLabel)
                .intelRdt(intelRdt)
                .memoryPolicy(memoryPolicy)
                .personality(personality)
                .timeOffsets(timeOffsets);
    }

    /** Returns the namespace of that type, if it is listed. */
    public Optional<Namespace> namespace(NamespaceType type) {
        for (Namespace namespace : namespaces) {
            if (namespace.type() == type) {
                return Optional.of(namespace);
            }
        }
        return Optional.empty();
    }

    /** Collects the components of a {@link Linux}; each method sets the one of its name. Not thread-safe. */
    public static final class Builder {
        private List<IdMapping> uidMappings;
        private List<IdMapping> gidMappings;
        private Map<String, String> sysctl;
        private Resources resources;
        private String cgroupsPath;
        private List<Namespace> namespaces;
        private List<Device> devices;
        private Map<String, NetDevice> netDevices;
        private Seccomp seccomp;
        private RootfsPropagation rootfsPropagation;
        private List<String> maskedPaths;
        private List<String> readonlyPaths;
        private String mountLabel;
        private IntelRdt intelRdt;
        private MemoryPolicy memoryPolicy;
        private Personality personality;
        private TimeOffsets timeOffsets;

        private Builder() {}

        public Builder uidMappings(List<IdMapping> uidMappings) {
            this.uidMappings = uidMappings;
            return this;
        }

        public Builder gidMappings(List<IdMapping> gidMappings) {
            this.gidMappings = gidMappings;
            return this;
        }

        public Builder sysctl(Map<String, String> sysctl) {
            this.sysctl = sysctl;
            return this;
        }

        public Builder resources(Resources resources) {
            this.resources = resources;
            return this;
        }

        public Builder cgroupsPath(String cgroupsPath) {
            this.cgroupsPath = cgroupsPath;
            return this;
        }

        public Builder namespaces(List<Namespace> namespaces) {
            this.namespaces = namespaces;
            return this;
        }

        public Builder devices(List<Device> devices) {
            this.devices = devices;
            return this;
        }

        public Builder netDevices(Map<String, NetDevice> netDevices) {
            this.netDevices = netDevices;
            return this;
        }

        public Builder seccomp(Seccomp seccomp) {
            this.seccomp = seccomp;
            return this;
        }

        public Builder rootfsPropagation(RootfsPropagation rootfsPropagation) {
            this.rootfsPropagation = rootfsPropagation;
            return this;
        }

        public Builder maskedPaths(List<String> maskedPaths) {
            this.maskedPaths = maskedPaths;
            return this;
        }

        public Builder readonlyPaths(List<String> readonlyPaths) {
            this.readonlyPaths = readonlyPaths;
            return this;
        }

        public Builder mountLabel(String mountLabel) {
            this.mountLabel = mountLabel;
            return this;
        }

        public Builder intelRdt(IntelRdt intelRdt) {
            this.intelRdt = intelRdt;
            return this;
        }

        public Builder memoryPolicy(MemoryPolicy memoryPolicy) {
            this.memoryPolicy = memoryPolicy;
            return this;
        }

        public Builder personality(Personality personality) {
            this.personality = personality;
            return this;
        }

        public Builder timeOffsets(TimeOffsets timeOffsets) {
            this.timeOffsets = timeOffsets;
            return this;
        }

        /** Creates the record; whatever was not set is absent. */
        public Linux build() {
            return new Linux(
                    uidMappings,
                    gidMappings,
                    sysctl,
                    resources,
                    cgroupsPath,
                    namespaces,
                    devices,
                    netDevices,
                    seccomp,
                    rootfsPropagation,
                    maskedPaths,
                    readonlyPaths,
                    mountLabel,
                    intelRdt,
                    memoryPolicy,
                    personality,
                    timeOffsets);
        }
    }
}
