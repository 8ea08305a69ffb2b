package dev.gantry.runtime;

import dev.gantry.host.HostFacts;
import dev.gantry.plan.CgroupDriver;
import dev.gantry.store.StateRoot;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** How a {@link Gantry} is opened. Immutable: each method returns options that differ in one thing. */
public final class GantryOptions {
    private final Path root;
    private final CgroupDriver cgroupDriver;
    private final boolean leavesProcesses;
    private final Consumer<String> onWarning;
    private final OptionalInt failAt;

    private GantryOptions(
            Path root,
            CgroupDriver cgroupDriver,
            boolean leavesProcesses,
            Consumer<String> onWarning,
            OptionalInt failAt) {
        this.root = root;
        this.cgroupDriver = cgroupDriver;
        this.leavesProcesses = leavesProcesses;
        this.onWarning = onWarning;
        this.failAt = failAt;
    }

    /**
     * Returns options with the default state root of the user: {@code /run/gantry} for root; for others
     * {@code gantry} in their {@code XDG_RUNTIME_DIR} or in {@code /run/user/UID}, else {@code /tmp/gantry-UID}.
     */
    public static GantryOptions defaults() {
        return at(new StateRoot(HostFacts.effectiveUid(), System.getenv()).byDefault());
    }

    /** Returns options with this state root. */
    public static GantryOptions at(Path root) {
        return new GantryOptions(root, CgroupDriver.CGROUPFS, false, line -> {}, OptionalInt.empty());
    }

    /** Returns the state root. */
    public Path root() {
        return root;
    }

    CgroupDriver cgroupDriver() {
        return cgroupDriver;
    }

    boolean leavesProcesses() {
        return leavesProcesses;
    }

    Consumer<String> onWarning() {
        return onWarning;
    }

    OptionalInt failAt() {
        return failAt;
    }

    /**
     * Returns the same options with a receiver of one line for each thing that went wrong without stopping anything,
     * such as a failed poststop hook; it is called on any thread.
     */
    public GantryOptions warning(Consumer<String> receiver) {
        return new GantryOptions(root, cgroupDriver, leavesProcesses, receiver, failAt);
    }

    /** Returns the same options for cgroups that systemd makes. */
    public GantryOptions withSystemdCgroups() {
        return new GantryOptions(root, CgroupDriver.SYSTEMD, leavesProcesses, onWarning, failAt);
    }

    /**
     * Returns the same options for a program that ends when it has made a container: a process that ends is left for
     * this process's own parent to reap, who learns its status then, unless somebody here waits for it.
     */
    public GantryOptions leavingProcesses() {
        return new GantryOptions(root, cgroupDriver, true, onWarning, failAt);
    }

    /** Returns the same options with a failure of every launch at this step of its plan. */
    GantryOptions failingAt(int step) {
        return new GantryOptions(root, cgroupDriver, leavesProcesses, onWarning, OptionalInt.of(step));
    }
}
