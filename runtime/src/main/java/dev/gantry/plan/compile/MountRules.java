package dev.gantry.plan.compile;

import dev.gantry.error.Problems;
import dev.gantry.oci.Linux;
import dev.gantry.oci.Mount;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.OciConfig;
import dev.gantry.plan.Host;
import dev.gantry.plan.MountOptions;
import dev.gantry.plan.SecurityModule;
import java.util.Map;
import java.util.Optional;

/** Judges mounts and what goes with them as far as that depends on the machine, or on what Gantry makes of them. */
final class MountRules {
    /** Which file system belongs where; programs trust what they read and write there (CVE-2019-16884). */
    private static final Map<String, String> KERNEL_TREES = Map.of("/proc", "proc", "/sys", "sysfs");

    private final OciConfig config;
    private final Host host;
    private final Problems problems;
    private final Linux linux;

    private MountRules(OciConfig config, Host host, Problems problems) {
        this.config = config;
        this.host = host;
        this.problems = problems;
        this.linux = config.linux() == null ? Linux.builder().build() : config.linux();
    }

    static void check(OciConfig config, Host host, Problems problems) {
        MountRules rules = new MountRules(config, host, problems);
        for (int i = 0; i < config.mounts().size(); i++) {
            rules.mount("mounts[" + i + "]", config.mounts().get(i));
        }
        rules.label();
        if (linuxHasNoMountNamespace(rules.linux)) {
            rules.withoutMountNamespace();
        }
    }

    private static boolean linuxHasNoMountNamespace(Linux linux) {
        return linux.namespace(NamespaceType.MOUNT).isEmpty();
    }

    private void mount(String path, Mount mount) {
        if (mount.destination() == null) {
            return; // the validator reports it
        }
        MountOptions options = MountOptions.parse(mount.options());
        boolean bind = MountSources.isBind(mount, options);
        if (bind && (mount.source() == null || mount.source().isEmpty())) {
            problems.error(path + ".source", "a bind mount needs a `source`");
        }
        if (bind && !options.data().isEmpty()) {
            problems.error(
                    path + ".options",
                    "a bind mount takes no option `%s` for a file system"
                            .formatted(options.data().get(0)));
        }
        if (!bind
                && mount.type() != null
                && mount.type().startsWith("cgroup")
                && !options.data().isEmpty()) {
            problems.warning(
                    path + ".options",
                    "cgroups are mounted as the machine has them, without `%s`"
                            .formatted(options.data().get(0)));
        }
        String belongs = KERNEL_TREES.get(Paths.clean(mount.destination()));
        if (belongs != null && !bind && !belongs.equals(mount.type())) {
            problems.error(path, "only %s may be mounted on `%s`".formatted(belongs, Paths.clean(mount.destination())));
        }
        if (options.copyUp() && (bind || !"tmpfs".equals(mount.type()))) {
            problems.error(path + ".options", "only a tmpfs can begin as a copy: `tmpcopyup`");
        }
        ids(path, mount, options, bind);
    }

    private void ids(String path, Mount mount, MountOptions options, boolean bind) {
        boolean mapped = !mount.uidMappings().isEmpty();
        if (!mapped && options.idmap() == MountOptions.IdMap.NONE) {
            return;
        }
        if (!bind) {
            problems.error(path, "only the ids of a bind mount can be mapped");
        } else if (!host.isRoot()) {
            problems.error(path, "mapping the ids of a mount needs root");
        } else if (!mapped && linux.uidMappings().isEmpty() && !joinsUserNamespace()) {
            problems.error(
                    path + ".options",
                    "an idmapped mount needs mappings",
                    "give it `uidMappings` and `gidMappings`, or a user namespace with mappings to the container");
        }
    }

    private boolean joinsUserNamespace() {
        Optional<String> path = linux.namespace(NamespaceType.USER).map(n -> n.path() == null ? "" : n.path());
        return path.isPresent() && !path.get().isEmpty();
    }

    /** A container without the label that was asked for would not be kept from the files of others. */
    private void label() {
        boolean wanted = linux.mountLabel() != null && !linux.mountLabel().isBlank();
        if (wanted && !host.securityModules().contains(SecurityModule.SELINUX)) {
            problems.error("linux.mountLabel", "SELinux is not enabled on this machine");
        }
    }

    private void withoutMountNamespace() {
        if (!config.mounts().isEmpty()) {
            problems.warning(
                    "mounts", "without a mount namespace of its own the container has no mounts but the host's");
        }
        if (config.root() != null && config.root().isReadonly()) {
            problems.warning("root.readonly", "without a mount namespace of its own the root stays writable");
        }
    }
}
