package dev.gantry.launch;

import dev.gantry.cgroup.Cgroup;
import dev.gantry.error.ContainerException;
import dev.gantry.proc.ProcessTable;
import dev.gantry.systemd.Systemd;
import dev.gantry.value.ContainerState;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The end of a container's cgroup, with all processes in it. */
final class CgroupRemoval {
    private final Machinery machinery;

    CgroupRemoval(Machinery machinery) {
        this.machinery = machinery;
    }

    /** Ends every process of a container and removes its cgroup, and the unit that it is in. */
    void of(ContainerState state) {
        of(state.id(), state.cgroups(), Optional.ofNullable(state.unit()));
    }

    /** Does so unless another container lives there: a config may name the cgroup of one that has ended. */
    void of(String id, List<String> dirs, Optional<String> unit) {
        Cgroup cgroup = new Cgroup(machinery.kernel(), dirs);
        Optional<String> other = cgroup.pids().isEmpty() ? Optional.empty() : livingIn(dirs, id);
        if (other.isPresent()) {
            machinery.warn("delete `%s`: its cgroup stays: container `%s` is in it".formatted(id, other.get()));
            return;
        }
        cgroup.killAll();
        unit.ifPresent(name -> {
            try (Systemd systemd = Systemd.connect()) {
                systemd.stop(name);
            }
        });
        cgroup.remove();
    }

    private Optional<String> livingIn(List<String> dirs, String except) {
        return machinery.store().ids().stream()
                .filter(id -> !id.equals(except) && livesIn(dirs, id))
                .findFirst();
    }

    private boolean livesIn(List<String> dirs, String id) {
        try {
            return machinery
                    .store()
                    .readState(id)
                    .filter(state -> ProcessTable.isAlive(state.pid(), state.pidStart()))
                    .filter(state -> !Collections.disjoint(state.cgroups(), dirs))
                    .isPresent();
        } catch (ContainerException e) {
            return false; // it is gone, or damaged
        }
    }
}
