package dev.gantry.plan.compile;

import dev.gantry.error.Problems;
import dev.gantry.oci.IdMapping;
import dev.gantry.oci.Linux;
import dev.gantry.oci.Mount;
import dev.gantry.oci.Namespace;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.OciConfig;
import dev.gantry.plan.Host;
import dev.gantry.plan.MountOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes a config that was not written for it possible for a user other than root, who can make no namespace but in a
 * user namespace of their own: it gets one, and its mounts lose what needs more ids or more rights than they have
 * there. In a user namespace that it has already, mounts of the host's own namespaces are bound.
 */
final class Rootless {
    private static final String GID = "gid=";
    private static final Map<NamespaceType, String> HOST_MOUNTS =
            Map.of(NamespaceType.NETWORK, "/sys", NamespaceType.IPC, "/dev/mqueue", NamespaceType.PID, "/proc");

    private Rootless() {}

    /** Returns the config as it can be carried out; unchanged for root. */
    static OciConfig adapt(OciConfig config, Host host) {
        if (host.isRoot()) {
            return config;
        }
        OciConfig mapped = isForRoot(config) ? withUserNamespace(config, host) : config;
        List<Mount> mounts = mapped.mounts().stream()
                .map(mount -> shared(mount, mapped.linux()))
                .toList();
        return mapped.toBuilder().mounts(mounts).build();
    }

    private static boolean isForRoot(OciConfig config) {
        return config.linux() == null
                || config.linux().namespace(NamespaceType.USER).isEmpty();
    }

    private static OciConfig withUserNamespace(OciConfig config, Host host) {
        Linux linux = config.linux() == null ? Linux.builder().build() : config.linux();
        List<Namespace> namespaces = new ArrayList<>(linux.namespaces());
        namespaces.add(Namespace.of(NamespaceType.USER));
        Linux own = linux.toBuilder()
                .namespaces(namespaces)
                .uidMappings(host.ownUids())
                .gidMappings(host.ownGids())
                .build();
        List<Mount> mounts =
                config.mounts().stream().map(mount -> possible(mount, host)).toList();
        return config.toBuilder().linux(own).mounts(mounts).build();
    }

    /** Warns of what {@link #adapt} has changed. */
    static void warn(OciConfig config, Host host, Problems problems) {
        if (!host.isRoot() && isForRoot(config)) {
            problems.warning(
                    "linux.namespaces",
                    "without root it has a user namespace, whose root is user `%d`".formatted(host.uid()));
        }
    }

    /** What shows a namespace can be mounted by the owner of that one only; of the host's, its own mount is bound. */
    private static Mount shared(Mount mount, Linux linux) {
        NamespaceType shown = mount.type() == null ? null : MountSources.OF_A_NAMESPACE.get(mount.type());
        if (shown == null
                || linux.namespace(shown).isPresent()
                || MountSources.isBind(mount, MountOptions.parse(mount.options()))) {
            return mount;
        }
        List<String> options = new ArrayList<>(mount.options());
        options.add("rbind");
        if (shown == NamespaceType.NETWORK) {
            options.add("rro");
        }
        return mount.toBuilder()
                .type("none")
                .source(HOST_MOUNTS.get(shown))
                .options(options)
                .build();
    }

    private static Mount possible(Mount mount, Host host) {
        if ("devpts".equals(mount.type())) {
            return mount.toBuilder()
                    .options(mount.options().stream()
                            .filter(option -> !option.startsWith(GID) || isMapped(option, host))
                            .toList())
                    .build();
        }
        return mount;
    }

    private static boolean isMapped(String option, Host host) {
        String gid = option.substring(GID.length());
        return gid.matches("\\d{1,9}") && host.ownGids().stream().anyMatch(range -> has(range, Long.parseLong(gid)));
    }

    private static boolean has(IdMapping range, long id) {
        return range.containerID() <= id && id < range.containerID() + range.size();
    }
}
