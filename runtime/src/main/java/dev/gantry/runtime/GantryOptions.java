package dev.gantry.runtime;

import dev.gantry.host.HostFacts;
import dev.gantry.plan.CgroupDriver;
import dev.gantry.store.StateRoot;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * How a {@link Gantry} is opened.
 *
 * @param root the state root
 * @param cgroupDriver who makes cgroups
 * @param leavesProcesses whether a process that ends is left for this process's own parent to reap, who learns its
 *     status then, unless somebody here waits for it; for programs that end when they have made a container
 * @param onWarning receives one line for each thing that went wrong without stopping anything, such as a failed
 *     poststop hook; called on any thread
 * @param failAt the index of the plan's step at which every launch fails; for tests only
 */
public record GantryOptions(
        Path root, CgroupDriver cgroupDriver, boolean leavesProcesses, Consumer<String> onWarning, OptionalInt failAt) {
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

    /** Returns the same options with another receiver of warnings. */
    public GantryOptions warning(Consumer<String> receiver) {
        return new GantryOptions(root, cgroupDriver, leavesProcesses, receiver, failAt);
    }

    /** Returns the same options with another maker of cgroups. */
    public GantryOptions with(CgroupDriver driver) {
        return new GantryOptions(root, driver, leavesProcesses, onWarning, failAt);
    }

    /** Returns the same options for a program that does not outlive what it launches. */
    public GantryOptions leavingProcesses() {
        return new GantryOptions(root, cgroupDriver, true, onWarning, failAt);
    }

    /** Returns the same options with a failure injected. */
    public GantryOptions failingAt(int step) {
        return new GantryOptions(root, cgroupDriver, leavesProcesses, onWarning, OptionalInt.of(step));
    }
}
