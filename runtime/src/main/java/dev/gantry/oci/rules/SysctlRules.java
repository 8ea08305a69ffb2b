package dev.gantry.oci.rules;

import static dev.gantry.oci.NamespaceType.IPC;
import static dev.gantry.oci.NamespaceType.NETWORK;
import static dev.gantry.oci.NamespaceType.USER;
import static dev.gantry.oci.NamespaceType.UTS;

import dev.gantry.error.Problems;
import dev.gantry.oci.Linux;
import dev.gantry.oci.NamespaceType;
import java.util.Optional;
import java.util.Set;

/**
 * Judges kernel parameters: only those that belong to a namespace of the container's own may be set, since any other is
 * the host's. As runc has it.
 */
final class SysctlRules {
    private static final Set<String> IPC_KEYS = Set.of(
            "kernel.msgmax",
            "kernel.msgmnb",
            "kernel.msgmni",
            "kernel.sem",
            "kernel.shmall",
            "kernel.shmmax",
            "kernel.shmmni",
            "kernel.shm_rmid_forced");

    private SysctlRules() {}

    static void check(Linux linux, Problems problems) {
        for (String key : linux.sysctl().keySet()) {
            String path = "linux.sysctl." + key;
            if (key.contains("..") || key.startsWith("/") || key.startsWith(".")) {
                problems.error(path, "`%s` is no kernel parameter".formatted(key));
                continue;
            }
            Optional<NamespaceType> owner = owner(key.replace('/', '.'));
            if (owner.isEmpty()) {
                problems.error(path, "sysctl `%s` is not in a separate kernel namespace".formatted(key));
            } else if (!isOwn(linux, owner.get())) {
                problems.error(
                        path,
                        "sysctl `%s` is not allowed in the host's %s namespace"
                                .formatted(key, owner.get().ociName()));
            }
        }
    }

    /** The namespace that a parameter belongs to; the hostname has a property of its own. */
    private static Optional<NamespaceType> owner(String key) {
        if (IPC_KEYS.contains(key) || key.startsWith("fs.mqueue.")) {
            return Optional.of(IPC);
        }
        if (key.startsWith("net.")) {
            return Optional.of(NETWORK);
        }
        if (key.startsWith("user.")) {
            return Optional.of(USER);
        }
        return key.equals("kernel.domainname") ? Optional.of(UTS) : Optional.empty();
    }

    private static boolean isOwn(Linux linux, NamespaceType type) {
        return linux.namespace(type)
                .filter(namespace ->
                        namespace.path() == null || !namespace.path().matches("/proc/(self|1)/ns/.*"))
                .isPresent();
    }
}
