package dev.gantry.launch;

import dev.gantry.cgroup.Cgroup;
import dev.gantry.cgroup.DeviceGuard;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.init.InitBinary;
import dev.gantry.oci.DeviceRule;
import dev.gantry.oci.Hook;
import dev.gantry.oci.HookPoint;
import dev.gantry.plan.CgroupHierarchy;
import dev.gantry.plan.PlannedStep;
import dev.gantry.plan.RuntimeActions;
import dev.gantry.plan.RuntimeStep;
import dev.gantry.plan.UnitProperty;
import dev.gantry.systemd.Systemd;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** The runtime's part of one launch: the steps of the plan that the init does not perform itself. */
final class RuntimePart {
    private final Kernel kernel;
    private final InitBinary program;
    private final Launcher.Launch launch;
    private final Placeholder placeholder;

    RuntimePart(Kernel kernel, InitBinary program, Launcher.Launch launch, Placeholder placeholder) {
        this.kernel = kernel;
        this.program = program;
        this.launch = launch;
        this.placeholder = placeholder;
    }

    /** Performs the steps before there is an init. */
    void prepare() {
        for (int i = 0; i < launch.plan().preparation(); i++) {
            perform(i, new Actions(OptionalInt.empty(), 0));
        }
    }

    /**
     * Performs a step for which the init waits.
     *
     * @param pid 0 as long as there is only stage one
     * @param go lets the init go on with what the step has made for it
     */
    void perform(int index, int stageOne, int pid, Consumer<List<Fd>> go) {
        Actions actions = new Actions(OptionalInt.of(stageOne), pid);
        perform(index, actions);
        actions.finish(go);
    }

    private void perform(int index, Actions actions) {
        PlannedStep planned = launch.plan().steps().get(index);
        try {
            if (launch.failAt().isPresent() && launch.failAt().getAsInt() == index) {
                throw new KernelException("injected failure", "", Errno.EIO);
            }
            ((RuntimeStep) planned.step()).perform(actions);
        } catch (KernelException e) {
            String call = e.call().equals("mkdir") || e.call().equals("write") ? "" : e.call();
            throw StepFailures.of(launch.operation(), planned, call, e.errno(), e);
        }
    }

    /** What one step asks for. */
    private final class Actions implements RuntimeActions {
        private final OptionalInt stageOne;
        private final int pid;
        private final List<Fd> given = new ArrayList<>();

        /** Creates them for the init's stage one, or for the process of this pid. */
        Actions(OptionalInt stageOne, int pid) {
            this.stageOne = stageOne;
            this.pid = pid;
        }

        /** Lets the init go on with what the step has made for it. */
        void finish(Consumer<List<Fd>> go) {
            try {
                go.accept(given);
            } finally {
                given.forEach(Fd::close);
            }
        }

        @Override
        public void runHook(HookPoint point, int index, Hook hook) {
            launch.hooks().orElseThrow().run(launch.operation(), point, index, hook, pid);
        }

        @Override
        public void runCallbacks(HookPoint point) {
            launch.hooks().orElseThrow().call(launch.operation(), point, pid);
        }

        @Override
        public void giveState(HookPoint point) {
            given.add(launch.hooks().orElseThrow().document(point, pid));
        }

        @Override
        public void startUnit(String name, List<UnitProperty> properties) {
            try (Systemd systemd = Systemd.connect()) {
                systemd.startScope(name, properties, placeholder.pid());
            }
        }

        @Override
        public void makeCgroup(CgroupHierarchy hierarchy, String dir, List<String> handDown) {
            Cgroup.make(kernel, hierarchy, dir, handDown, placeholder.pids());
        }

        @Override
        public void writeCgroup(String file, String value) {
            Cgroup.write(kernel, file, value);
        }

        @Override
        public void guardDevices(String dir, List<DeviceRule> rules) {
            new DeviceGuard(kernel, dir).set(rules);
        }

        @Override
        public void writeIdMaps(RuntimeStep.WriteIdMaps maps) {
            new IdMaps(kernel, program).write(stageOne.orElseThrow(), maps);
        }
    }
}
