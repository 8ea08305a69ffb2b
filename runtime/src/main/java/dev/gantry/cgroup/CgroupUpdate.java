package dev.gantry.cgroup;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.plan.CgroupChange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Changes the limits of a cgroup that is in use: all of them, or none. Not thread-safe. */
public final class CgroupUpdate {
    private final Kernel kernel;
    private final Deque<CgroupChange.Write> undo = new ArrayDeque<>();

    /** A change that the kernel refused. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient CgroupChange change;
        private final KernelException reason;

        Refused(CgroupChange change, KernelException reason) {
            super(reason);
            this.change = change;
            this.reason = reason;
        }

        /** Returns what was refused. */
        public CgroupChange change() {
            return change;
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
    public void apply(List<CgroupChange> changes) {
        List<CgroupChange> again = new ArrayList<>();
        for (CgroupChange change : changes) {
            try {
                apply(change);
            } catch (KernelException e) {
                if (e.errno() != Errno.EINVAL && e.errno() != Errno.EBUSY) {
                    throw refused(change, e);
                }
                again.add(change);
            }
        }
        for (CgroupChange change : again) {
            try {
                apply(change);
            } catch (KernelException e) {
                throw refused(change, e);
            }
        }
        guard(changes);
    }

    private void apply(CgroupChange change) {
        if (change instanceof CgroupChange.Write write) {
            apply(write);
        }
    }

    /** Comes last: it need not be undone then. */
    private void guard(List<CgroupChange> changes) {
        for (CgroupChange change : changes) {
            if (change instanceof CgroupChange.GuardDevices guard) {
                try {
                    new DeviceGuard(kernel, guard.dir()).set(guard.rules());
                } catch (KernelException e) {
                    throw refused(change, e);
                }
            }
        }
    }

    private void apply(CgroupChange.Write write) {
        String before = ControlFile.text(write.file()).orElse("");
        Cgroup.write(kernel, write.file(), write.value());
        if (!before.isEmpty() && before.indexOf('\n') < 0) { // lists of devices are not to be written as they are read
            undo.push(new CgroupChange.Write(write.ociPath(), write.file(), before));
        }
    }

    private Refused refused(CgroupChange change, KernelException reason) {
        Refused refused = new Refused(change, reason);
        for (CgroupChange.Write old : undo) {
            try {
                Cgroup.write(kernel, old.file(), old.value());
            } catch (KernelException e) {
                refused.addSuppressed(e);
            }
        }
        return refused;
    }
}
