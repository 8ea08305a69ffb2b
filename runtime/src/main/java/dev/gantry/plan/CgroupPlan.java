package dev.gantry.plan;

import dev.gantry.oci.Linux;
import dev.gantry.oci.Resources;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Plans the container's cgroup: one directory in every hierarchy of the host, its limits, and how it is joined. */
final class CgroupPlan {
    private static final String PATH = "linux.cgroupsPath";

    private final Map<CgroupHierarchy, String> dirs = new LinkedHashMap<>();
    private final Linux linux;
    private final Host host;

    CgroupPlan(Linux linux, Host host, String id) {
        this.linux = linux;
        this.host = host;
        host.usableCgroups().forEach(hierarchy -> dirs.put(hierarchy, dir(hierarchy, id)));
    }

    List<String> dirs() {
        return List.copyOf(dirs.values());
    }

    /** Returns the container's directory in a hierarchy; null where it has none. */
    String dir(CgroupHierarchy hierarchy) {
        return dirs.get(hierarchy);
    }

    void prepare(Steps steps) {
        Resources resources = linux.resources() == null ? Resources.builder().build() : linux.resources();
        List<CgroupChange> changes = ResourcePlan.ofNew(resources, host, dirs);
        dirs.forEach((hierarchy, dir) ->
                steps.add(PATH, new RuntimeStep.MakeCgroup(hierarchy, dir, handDown(hierarchy, dir, changes))));
        changes.forEach(change -> steps.add(change.ociPath(), change.step()));
    }

    List<CgroupMembership> memberships() {
        return dirs.entrySet().stream()
                .map(entry ->
                        new CgroupMembership(entry.getValue(), entry.getKey().unified()))
                .toList();
    }

    /** Beside v1 hierarchies a v2 one is changed only as far as needed: others may want to mount its controllers there. */
    private List<String> handDown(CgroupHierarchy hierarchy, String dir, List<CgroupChange> changes) {
        if (!hierarchy.unified() || host.isPurelyUnified()) {
            return hierarchy.unified() ? hierarchy.controllers() : List.of();
        }
        return hierarchy.controllers().stream()
                .filter(controller -> changes.stream().anyMatch(change -> change.sets(dir + "/" + controller + ".")))
                .toList();
    }

    private String dir(CgroupHierarchy hierarchy, String id) {
        String path = linux.cgroupsPath();
        if (path != null && path.startsWith("/")) {
            return hierarchy.mountPoint() + Paths.clean(path);
        }
        String above = host.isPurelyUnified() ? hierarchy.nest() : hierarchy.ownPath();
        return hierarchy.mountPoint() + Paths.clean(above + "/" + (path == null || path.isEmpty() ? id : path));
    }
}
