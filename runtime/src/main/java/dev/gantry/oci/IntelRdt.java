package dev.gantry.oci;

import java.util.List;

/**
 * Allots cache and memory bandwidth through {@code resctrl}.
 *
 * @param closID name of the class; null means the container's id
 * @param schemata lines for the {@code schemata} file
 * @param l3CacheSchema such as {@code L3:0=7f0;1=1f}
 * @param memBwSchema such as {@code MB:0=20;1=70}
 * @param enableMonitoring absent means false
 */
public record IntelRdt(
        String closID, List<String> schemata, String l3CacheSchema, String memBwSchema, Boolean enableMonitoring) {
    public IntelRdt {
        schemata = Copies.list(schemata);
    }
}
