package dev.gantry.launch;

import dev.gantry.cgroup.Cgroup;
import dev.gantry.cgroup.ControllerDirs;
import dev.gantry.cgroup.Freezer;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.StateException;
import dev.gantry.oci.Linux;
import dev.gantry.oci.OciConfig;
import dev.gantry.plan.CgroupDriver;
import dev.gantry.plan.Host;
import dev.gantry.plan.compile.PlanCompiler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What is left of a container whose {@code state.json} cannot be read: its cgroup, which follows from the config that
 * is kept beside it, or from its id alone.
 */
final class Remains {
    private static final String SYSTEMD_PATH = "[^/]*:[^/]*:[^/]*";

    private final Machinery machinery;
    private final String id;

    Remains(Machinery machinery, String id) {
        this.machinery = machinery;
        this.id = id;
    }

    /**
     * Ends the processes in the cgroup and removes it. Warns of what cannot be done without the state.
     *
     * @throws StateException if this process is in that cgroup, which therefore is not the container's
     */
    void remove() {
        OciConfig config = config();
        Host host = driver(config);
        List<String> dirs = PlanCompiler.cgroupDirs(config, host, id);
        Cgroup cgroup = new Cgroup(machinery.kernel(), dirs);
        if (cgroup.pids().contains((int) ProcessHandle.current().pid())) {
            throw new StateException("delete `%s`: this process is in the cgroup that its config names".formatted(id));
        }
        if (dirs.stream().noneMatch(dir -> Files.exists(Path.of(dir)))) {
            machinery.warn("delete `%s`: its cgroup is not known: processes that it may have go on".formatted(id));
        }
        if (config.hooks() != null && !config.hooks().poststop().isEmpty()) {
            machinery.warn("delete `%s`: its poststop hooks are not run: its state is not known".formatted(id));
        }
        new Freezer(machinery.kernel(), ControllerDirs.of(host.cgroups(), dirs)).thawIfFrozen();
        new CgroupRemoval(machinery).of(id, dirs, PlanCompiler.unit(config, host, id));
    }

    private OciConfig config() {
        try {
            return machinery.store().readConfig(id);
        } catch (ContainerException e) {
            if (e.kind() != ErrorKind.DAMAGED) {
                throw e;
            }
            return OciConfig.builder().build();
        }
    }

    /** The container may have been made with another driver than this call names. */
    private Host driver(OciConfig config) {
        Linux linux = config.linux();
        boolean named = linux != null
                && linux.cgroupsPath() != null
                && linux.cgroupsPath().matches(SYSTEMD_PATH);
        return named ? machinery.host().with(CgroupDriver.SYSTEMD) : machinery.host();
    }
}
