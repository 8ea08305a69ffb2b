package dev.gantry.plan;

import dev.gantry.oci.IoPriority;
import dev.gantry.oci.MemoryPolicy;
import dev.gantry.oci.MemoryPolicyFlag;
import dev.gantry.oci.NumberList;
import dev.gantry.oci.PersonalityDomain;
import dev.gantry.oci.Scheduler;
import dev.gantry.oci.SchedulerFlag;
import dev.gantry.wire.Op;
import dev.gantry.wire.Orders;

/** Steps about what the process gets of processors, disks and memory, and as which machine it sees them. */
public sealed interface ScheduleStep extends InitStep {

    /**
     * Runs on some CPUs only.
     *
     * @param cpus of which the kernel takes those that the cgroup allows; null means all of them
     */
    record UseCpus(NumberList cpus) implements ScheduleStep {
        @Override
        public String describe() {
            return cpus == null ? "use all CPUs of the cgroup" : "use CPUs `%s`".formatted(cpus);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.AFFINITY).setNumbers("mask", (cpus == null ? NumberList.ALL : cpus).words());
        }
    }

    /** Sets policy and parameters of scheduling. */
    record Schedule(Scheduler scheduler) implements ScheduleStep {
        @Override
        public String describe() {
            return "schedule as %s".formatted(scheduler.policy().ociName());
        }

        @Override
        public void order(Orders orders) {
            int flags = scheduler.flags().stream().mapToInt(SchedulerFlag::flag).reduce(0, (a, b) -> a | b);
            orders.add(Op.SCHEDULER)
                    .set("policy", scheduler.policy().number())
                    .set("flags", flags)
                    .set("nice", orZero(scheduler.nice()))
                    .set("priority", orZero(scheduler.priority()))
                    .set("runtime", orZero(scheduler.runtime()))
                    .set("deadline", orZero(scheduler.deadline()))
                    .set("period", orZero(scheduler.period()));
        }
    }

    /** Sets the I/O priority. */
    record SetIoPriority(IoPriority priority) implements ScheduleStep {
        private static final int CLASS_SHIFT = 13; // IOPRIO_PRIO_VALUE

        @Override
        public String describe() {
            return "set I/O priority to %s, %d".formatted(priority.ioClass().ociName(), orZero(priority.priority()));
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.IO_PRIORITY)
                    .set("priority", priority.ioClass().number() << CLASS_SHIFT | orZero(priority.priority()));
        }
    }

    /** Sets the execution domain. */
    record SetPersonality(PersonalityDomain domain) implements ScheduleStep {
        @Override
        public String describe() {
            return "set personality to %s".formatted(domain.ociName());
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.PERSONALITY).set("domain", domain.number());
        }
    }

    /** Sets the NUMA policy. */
    record SetMemoryPolicy(MemoryPolicy policy) implements ScheduleStep {
        @Override
        public String describe() {
            return "set memory policy %s%s"
                    .formatted(policy.mode().ociName(), policy.nodes() == null ? "" : " on nodes " + policy.nodes());
        }

        @Override
        public void order(Orders orders) {
            int mode = policy.flags().stream()
                    .mapToInt(MemoryPolicyFlag::flag)
                    .reduce(policy.mode().number(), (a, b) -> a | b);
            NumberList nodes = policy.nodes() == null ? NumberList.EMPTY : NumberList.of(policy.nodes());
            orders.add(Op.MEMORY_POLICY).set("mode", mode).setNumbers("nodes", nodes.words());
        }
    }

    private static int orZero(Integer value) {
        return value == null ? 0 : value;
    }

    private static long orZero(Long value) {
        return value == null ? 0 : value;
    }
}
