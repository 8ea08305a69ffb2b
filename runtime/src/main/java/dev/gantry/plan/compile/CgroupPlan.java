package dev.gantry.plan.compile;

import dev.gantry.oci.Linux;
import dev.gantry.oci.Resources;
import dev.gantry.plan.CgroupChange;
import dev.gantry.plan.CgroupDriver;
import dev.gantry.plan.CgroupHierarchy;
import dev.gantry.plan.Host;
import dev.gantry.plan.RuntimeStep;
import dev.gantry.plan.UnitProperty;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plans the container's cgroup: one directory in every hierarchy of the host, its limits, and how it is joined. */
final class CgroupPlan {
    private static final String PATH = "linux.cgroupsPath";

    private final Map<CgroupHierarchy, String> dirs = new LinkedHashMap<>();
    private final Linux linux;
    private final Host host;
    private final String id;
    private final Optional<SystemdUnit> unit;
    private final Resources resources;

    CgroupPlan(Linux linux, Host host, String id) {
        this.linux = linux;
        this.host = host;
        this.id = id;
        this.unit = host.cgroupDriver() == CgroupDriver.SYSTEMD
                ? Optional.of(SystemdUnit.of(linux.cgroupsPath(), id))
                : Optional.empty();
        host.usableCgroups().forEach(hierarchy -> dirs.put(hierarchy, dir(hierarchy, id)));
        this.resources = linux.resources() == null ? Resources.builder().build() : linux.resources();
    }

    List<String> dirs() {
        return List.copyOf(dirs.values());
    }

    /** Returns the container's directory in a hierarchy; null where it has none. */
    String dir(CgroupHierarchy hierarchy) {
        return dirs.get(hierarchy);
    }

    private List<CgroupChange> changes() {
        return ResourcePlan.ofNew(resources, host, dirs);
    }

    void prepare(Steps steps) {
        unit.ifPresent(unit -> steps.add(PATH, start(unit)));
        dirs.forEach((hierarchy, dir) ->
                steps.add(PATH, new RuntimeStep.MakeCgroup(hierarchy, dir, handDown(hierarchy, dir))));
        for (CgroupChange change : changes()) {
            if (!change.leavesNoRoom()) {
                steps.add(change.ociPath(), change.step());
            }
        }
    }

    /** When the process is the only one of the cgroup, and will make no other by itself. */
    void finish(Steps steps) {
        for (CgroupChange change : changes()) {
            if (change.leavesNoRoom()) {
                steps.add(change.ociPath(), change.step());
            }
        }
    }

    private RuntimeStep start(SystemdUnit unit) {
        List<UnitProperty> properties = unit.properties(id);
        properties.addAll(SystemdUnit.limits(resources, host));
        return new RuntimeStep.StartUnit(unit.name(), properties);
    }

    /** Returns the name of the unit of systemd's that the container is in, if it is in one. */
    Optional<String> unit() {
        return unit.map(SystemdUnit::name);
    }

    List<CgroupMembership> memberships() {
        return dirs.entrySet().stream()
                .map(entry ->
                        new CgroupMembership(entry.getValue(), entry.getKey().unified()))
                .toList();
    }

    /**
     * Beside v1 hierarchies a v2 one is changed only as far as needed: others may want to mount its controllers there.
     */
    private List<String> handDown(CgroupHierarchy hierarchy, String dir) {
        if (!hierarchy.unified() || host.isPurelyUnified()) {
            return hierarchy.unified() ? hierarchy.controllers() : List.of();
        }
        return hierarchy.controllers().stream()
                .filter(controller -> changes().stream().anyMatch(change -> change.sets(dir + "/" + controller + ".")))
                .toList();
    }

    private String dir(CgroupHierarchy hierarchy, String id) {
        if (unit.isPresent()) {
            return hierarchy.mountPoint() + unit.get().cgroup();
        }
        String path = linux.cgroupsPath();
        if (path != null && path.startsWith("/")) {
            return hierarchy.mountPoint() + Paths.clean(path);
        }
        String above = host.isPurelyUnified() ? hierarchy.nest() : hierarchy.ownPath();
        return hierarchy.mountPoint() + Paths.clean(above + "/" + (path == null || path.isEmpty() ? id : path));
    }
}
