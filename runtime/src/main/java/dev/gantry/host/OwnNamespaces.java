package dev.gantry.host;

import dev.gantry.oci.Linux;
import dev.gantry.oci.Namespace;
import dev.gantry.oci.OciConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds out which of the namespaces that a config joins are this process's own, that is the host's, by whatever path: a
 * file that it was bound to, or that of another process. What may not be done to the host is refused by that.
 */
public final class OwnNamespaces {
    private OwnNamespaces() {}

    /** Returns the config with the usual path for each of them; unchanged if there is none. */
    public static OciConfig named(OciConfig config) {
        if (config.linux() == null) {
            return config;
        }
        Linux linux = config.linux();
        List<Namespace> namespaces =
                linux.namespaces().stream().map(OwnNamespaces::named).toList();
        return namespaces.equals(linux.namespaces())
                ? config
                : config.toBuilder()
                        .linux(linux.toBuilder().namespaces(namespaces).build())
                        .build();
    }

    private static Namespace named(Namespace namespace) {
        if (namespace.type() == null
                || namespace.path() == null
                || !namespace.path().startsWith("/")) {
            return namespace;
        }
        String own = "/proc/self/ns/" + namespace.type().procName();
        try {
            boolean same = Files.isSameFile(Path.of(own), Path.of(namespace.path()));
            return same ? new Namespace(namespace.type(), own) : namespace;
        } catch (IOException | java.nio.file.InvalidPathException e) {
            return namespace; // it is not there, as joining it will tell
        }
    }
}
