package dev.gantry.cgroup;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.plan.ResourcePlan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Changes the limits of a cgroup that is in use: all of them, or none. Not thread-safe. */
public final class CgroupUpdate {
    private final Kernel kernel;
    private final Deque<ResourcePlan.Write> undo = new ArrayDeque<>();

    /** A write that the kernel refused. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient ResourcePlan.Write write;
        private final KernelException reason;

        Refused(ResourcePlan.Write write, KernelException reason) {
            super(reason);
            this.write = write;
            this.reason = reason;
        }

        /** Returns what was refused. */
        public ResourcePlan.Write write() {
            return write;
        }

        /** Returns why. */
        public KernelException reason() {
            return reason;
        }
    }

    /** Creates an update of cgroups. */
    public CgroupUpdate(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Writes. Of limits that bound each other (memory and memory with swap, quota and period) the one that can go first
     * goes first: what is refused is tried once more after the others.
     *
     * @throws Refused with the first that stays refused; what was written before has its old value again then
     */
    public void apply(List<ResourcePlan.Write> writes) {
        List<ResourcePlan.Write> again = new ArrayList<>();
        for (ResourcePlan.Write write : writes) {
            try {
                apply(write);
            } catch (KernelException e) {
                if (e.errno() != Errno.EINVAL && e.errno() != Errno.EBUSY) {
                    throw refused(write, e);
                }
                again.add(write);
            }
        }
        for (ResourcePlan.Write write : again) {
            try {
                apply(write);
            } catch (KernelException e) {
                throw refused(write, e);
            }
        }
    }

    private void apply(ResourcePlan.Write write) {
        String before = ControlFile.text(write.file()).orElse("");
        Cgroup.write(kernel, write.file(), write.value());
        if (!before.isEmpty() && before.indexOf('\n') < 0) { // lists of devices are not to be written as they are read
            undo.push(new ResourcePlan.Write(write.ociPath(), write.file(), before));
        }
    }

    private Refused refused(ResourcePlan.Write write, KernelException reason) {
        Refused refused = new Refused(write, reason);
        for (ResourcePlan.Write old : undo) {
            try {
                Cgroup.write(kernel, old.file(), old.value());
            } catch (KernelException e) {
                refused.addSuppressed(e);
            }
        }
        return refused;
    }
}
