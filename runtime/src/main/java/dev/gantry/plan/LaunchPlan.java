package dev.gantry.plan;

import dev.gantry.error.Problem;
import dev.gantry.oci.Seccomp;
import dev.gantry.wire.Op;
import dev.gantry.wire.Orders;
import dev.gantry.wire.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything that will be done to make a container or a process in one, in order. A value: it can be printed, compared
 * and tested without a kernel.
 *
 * <p>Runtime steps before the first init step are performed before the init is started; those after it while the init
 * waits at that point.
 *
 * @param warnings what the config asks for and will not be done, or not quite
 */
public record LaunchPlan(List<PlannedStep> steps, List<Problem> warnings) {
    private static final int EIO = 5;

    public LaunchPlan {
        steps = List.copyOf(steps);
        warnings = List.copyOf(warnings);
    }

    LaunchPlan(List<PlannedStep> steps) {
        this(steps, List.of());
    }

    /** Returns the number of steps that the runtime performs before it starts the init. */
    public int preparation() {
        int count = 0;
        while (count < steps.size() && steps.get(count).step() instanceof RuntimeStep) {
            count++;
        }
        return count;
    }

    /** Returns whether the process waits for a separate {@code start}. */
    public boolean awaitsStart() {
        return steps.stream().anyMatch(planned -> planned.step() instanceof ProcessStep.AwaitStart);
    }

    /** Returns the index of the step at which the process that goes on is made. */
    public int cloneStep() {
        int index = 0;
        while (!(steps.get(index).step() instanceof NamespaceStep.Clone)) {
            index++;
        }
        return index;
    }

    /** Returns the cgroup v2 directory in which the process is born, if it is born in one. */
    public Optional<String> cgroupOfBirth() {
        return steps.stream()
                .map(PlannedStep::step)
                .filter(ProcessStep.OpenCgroup.class::isInstance)
                .map(step -> ((ProcessStep.OpenCgroup) step).dir())
                .findFirst();
    }

    /** Returns the directories of the cgroups that the process is in, one a hierarchy. */
    public List<String> cgroups() {
        List<String> dirs = new ArrayList<>();
        for (PlannedStep planned : steps) {
            if (planned.step() instanceof ProcessStep.JoinCgroup join) {
                dirs.add(join.dir());
            } else if (planned.step() instanceof ProcessStep.OpenCgroup birth) {
                dirs.add(birth.dir());
            }
        }
        return dirs;
    }

    /** Returns the profile whose compiled filter the runtime has to hand over, if there is one. */
    public Optional<Seccomp> filter() {
        for (PlannedStep planned : steps) {
            if (planned.step() instanceof PrivilegeStep.InstallSeccomp install) {
                return Optional.of(install.profile());
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the orders for the init.
     *
     * @param failAt the index of a step that is to fail, for tests; empty otherwise
     * @throws IllegalArgumentException if a string contains NUL or the plan outgrows 16 MiB
     */
    public ByteBuffer toBytes(OptionalInt failAt) {
        Orders orders = new Orders();
        for (int i = preparation(); i < steps.size(); i++) {
            orders.step(i);
            if (failAt.isPresent() && failAt.getAsInt() == i) {
                orders.add(Op.FAIL).set("error", EIO);
            }
            steps.get(i).step().order(orders);
        }
        return orders.step(Wire.NO_STEP).toBytes();
    }
}
