package dev.gantry.cgroup;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Stops and continues all processes of a cgroup at once. Any thread may use it. */
public final class Freezer {
    private static final int ROUNDS = 2_000;
    private static final int RENEW_EVERY = 50;
    private static final String THAWED = "THAWED";
    private static final String FROZEN = "FROZEN";

    private final Kernel kernel;
    private final Optional<String> v1;
    private final Optional<String> v2;

    /** Creates the freezer of a cgroup. */
    public Freezer(Kernel kernel, ControllerDirs dirs) {
        this.kernel = kernel;
        this.v1 = dirs.v1("freezer");
        this.v2 = v1.isPresent() ? Optional.empty() : dirs.unified();
    }

    /** Returns whether the processes are frozen, or being so. */
    public boolean isFrozen() {
        if (v1.isPresent()) {
            return ControlFile.text(v1.get() + "/freezer.state")
                    .filter(state -> !state.equals(THAWED))
                    .isPresent();
        }
        return v2.flatMap(dir -> ControlFile.text(dir + "/cgroup.freeze"))
                .filter("1"::equals)
                .isPresent();
    }

    /**
     * Freezes; returns when every process is stopped.
     *
     * @throws KernelException {@code EBUSY} if one cannot be for 2 s; all go on then
     */
    public void freeze() {
        if (v1.isPresent()) {
            freezeV1(v1.get() + "/freezer.state");
        } else {
            String dir = needed();
            Cgroup.write(kernel, dir + "/cgroup.freeze", "1");
            await(() -> ControlFile.entry(dir + "/cgroup.events", "frozen")
                    .filter(n -> n == 1)
                    .isPresent());
        }
    }

    /** A process that forks just then escapes the first write, so it is written again and again. */
    private void freezeV1(String file) {
        int[] round = {0};
        await(() -> {
            if (round[0]++ % RENEW_EVERY == 0) {
                Cgroup.write(kernel, file, FROZEN);
            }
            return ControlFile.text(file).filter(FROZEN::equals).isPresent();
        });
    }

    /** Lets the processes go on; returns when they do. */
    public void thaw() {
        if (v1.isPresent()) {
            String file = v1.get() + "/freezer.state";
            Cgroup.write(kernel, file, THAWED);
        } else {
            Cgroup.write(kernel, needed() + "/cgroup.freeze", "0");
        }
    }

    /** Does the same, if they stand still: on cgroup v1 what is frozen dies only when it goes on. */
    public void thawIfFrozen() {
        if (!isFrozen()) {
            return;
        }
        try {
            thaw();
        } catch (KernelException e) {
            if (e.errno() != Errno.ENOENT
                    && e.errno() != Errno.ENODEV) { // or somebody has removed the cgroup meanwhile
                throw e;
            }
        }
    }

    /**
     * Returns the nearest cgroup that keeps the processes frozen: this one, or one above it, which only its owner
     * thaws.
     */
    public Optional<String> frozenBy() {
        if (!isFrozen()) {
            return Optional.empty();
        }
        String dir = v1.or(() -> v2).orElseThrow();
        while (ControlFile.text(dir + "/freezer.self_freezing")
                .filter("0"::equals)
                .isPresent()) {
            dir = dir.substring(0, dir.lastIndexOf('/'));
        }
        return Optional.of(dir);
    }

    private String needed() {
        return v2.orElseThrow(() -> new KernelException("freeze", "the container has no cgroup", Errno.ENODEV));
    }

    private void await(BooleanSupplier done) {
        for (int round = 0; !done.getAsBoolean(); round++) {
            if (round == ROUNDS) {
                thaw();
                throw new KernelException("freeze", "a process cannot be stopped", Errno.EBUSY);
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // goes on: half frozen is worse than late
        }
    }
}
