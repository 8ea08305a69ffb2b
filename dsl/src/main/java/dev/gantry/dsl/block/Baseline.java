package dev.gantry.dsl.block;

import dev.gantry.oci.Capabilities;
import dev.gantry.oci.Linux;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.OciDefaults;
import dev.gantry.oci.Process;
import dev.gantry.oci.Resources;
import java.util.List;

/**
 * What a container is before its script says anything: what {@code gantry spec} writes, but with a cgroup namespace,
 * without a terminal, and with the capabilities that people know from Docker.
 */
final class Baseline {
    /** The capabilities of Docker and Podman, by the names of {@link dev.gantry.oci.Capability}. */
    static final List<String> CAPABILITIES = OciDefaults.ENGINE_CAPABILITIES;

    /** Of a bundle that others may run: crun 1.8.1 refuses every version that is not 1.0, whatever is in it. */
    private static final String WIDELY_KNOWN = "1.0.2";

    private Baseline() {}

    /** Returns a config that says nothing, for definitions that say everything themselves. */
    static OciConfig none() {
        return OciConfig.builder()
                .ociVersion(OciDefaults.OCI_VERSION)
                .process(Process.builder().build())
                .linux(Linux.builder().resources(Resources.builder().build()).build())
                .build();
    }

    static OciConfig config() {
        OciConfig spec = OciDefaults.withCgroupNamespace(OciDefaults.spec());
        Process process = spec.process().toBuilder()
                .terminal(false)
                .args(List.of())
                .env(spec.process().env().stream()
                        .filter(entry -> entry.startsWith("PATH="))
                        .toList())
                .capabilities(Capabilities.builder().build())
                .build();
        return spec.toBuilder()
                .ociVersion(WIDELY_KNOWN)
                .process(process)
                .hostname(null)
                .build();
    }
}
