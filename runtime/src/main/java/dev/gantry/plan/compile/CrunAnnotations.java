package dev.gantry.plan.compile;

import dev.gantry.oci.OciConfig;

/** Annotations of crun's that engines pass on: podman sets them for options of its own. */
final class CrunAnnotations {
    /** {@code 1} keeps the additional groups of the caller: podman's {@code --group-add keep-groups}. */
    private static final String KEEP_GROUPS = "run.oci.keep_original_groups";

    private CrunAnnotations() {}

    static boolean keepsGroups(OciConfig config) {
        return "1".equals(config.annotations().get(KEEP_GROUPS));
    }
}
