package dev.gantry.oci.rules;

import dev.gantry.error.Shown;
import dev.gantry.oci.HugepageLimit;
import dev.gantry.oci.Memory;
import dev.gantry.oci.NetworkPriority;
import dev.gantry.oci.Resources;
import java.util.List;

/** Judges {@code linux.resources}. Limits themselves are for the kernel to judge: it knows those around them. */
final class ResourceRules {
    private ResourceRules() {}

    static void check(Resources resources, Place place) {
        hugepages(resources.hugepageLimits(), place);
        if (resources.memory() != null) {
            swap(resources.memory(), place.member("memory"));
        }
        if (resources.network() != null) {
            priorities(resources.network().priorities(), place.member("network"));
        }
        for (String file : resources.unified().keySet()) {
            if (file.isEmpty() || file.contains("/") || file.contains("..")) {
                place.entry("unified", file)
                        .error("`%s` is not the name of a cgroup file".formatted(Shown.shortened(file)));
            }
        }
    }

    /** On cgroup v1 the kernel would refuse it; on v2 there would be less than no swap left. */
    private static void swap(Memory memory, Place place) {
        Long limit = memory.limit();
        Long swap = memory.swap();
        if (limit != null && swap != null && swap > 0 && swap < limit) {
            place.member("swap")
                    .error(
                            "`swap` is `%d`, less than `limit`, `%d`".formatted(swap, limit),
                            "`swap` is memory and swap together");
        }
    }

    private static void hugepages(List<HugepageLimit> limits, Place place) {
        for (int i = 0; i < limits.size(); i++) {
            HugepageLimit limit = limits.get(i);
            Place at = place.item("hugepageLimits", i);
            if (at.requires("pageSize", limit.pageSize()) && !limit.pageSize().matches("[1-9][0-9]*[KMG]B")) {
                at.member("pageSize")
                        .error("`%s` is not a page size".formatted(Shown.shortened(limit.pageSize())), "such as `2MB`");
            }
            at.requires("limit", limit.limit());
        }
    }

    private static void priorities(List<NetworkPriority> priorities, Place place) {
        for (int i = 0; i < priorities.size(); i++) {
            Place at = place.item("priorities", i);
            at.requires("name", priorities.get(i).name());
            at.requires("priority", priorities.get(i).priority());
        }
    }
}
