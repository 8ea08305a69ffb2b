package dev.gantry.plan;

import dev.gantry.error.Problems;
import dev.gantry.oci.IdMapping;
import dev.gantry.oci.Linux;
import dev.gantry.oci.Mount;
import dev.gantry.oci.Namespace;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.OciConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a config that was not written for it possible for a user other than root, who can make no namespace but in a
 * user namespace of his own: it gets one, and its mounts lose what needs more ids or more rights than he has there.
 */
final class Rootless {
    private static final String GID = "gid=";

    private Rootless() {}

    /** Returns the config as it can be carried out; unchanged for root, and if it has a user namespace. */
    static OciConfig adapt(OciConfig config, Host host) {
        Linux linux = config.linux() == null ? Linux.builder().build() : config.linux();
        if (host.isRoot() || linux.namespace(NamespaceType.USER).isPresent()) {
            return config;
        }
        List<Namespace> namespaces = new ArrayList<>(linux.namespaces());
        namespaces.add(Namespace.of(NamespaceType.USER));
        Linux own = linux.toBuilder()
                .namespaces(namespaces)
                .uidMappings(host.ownUids())
                .gidMappings(host.ownGids())
                .build();
        boolean ownNetwork = linux.namespace(NamespaceType.NETWORK).isPresent();
        List<Mount> mounts = config.mounts().stream()
                .map(mount -> possible(mount, host, ownNetwork))
                .toList();
        return config.toBuilder().linux(own).mounts(mounts).build();
    }

    /** Tells what {@link #adapt} has changed. */
    static void tell(OciConfig config, Host host, Problems problems) {
        if (adapt(config, host) != config) {
            problems.warning(
                    "linux.namespaces",
                    "without root it has a user namespace, whose root is user `%d`".formatted(host.uid()));
        }
    }

    private static Mount possible(Mount mount, Host host, boolean ownNetwork) {
        if ("sysfs".equals(mount.type()) && !ownNetwork) { // only the owner of the network namespace can mount it
            List<String> options = new ArrayList<>(mount.options());
            options.add("rbind");
            options.add("rro");
            return mount.toBuilder()
                    .type("none")
                    .source("/sys")
                    .options(options)
                    .build();
        }
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
