package dev.gantry.plan;

import dev.gantry.oci.HookPoint;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a plan depends on besides the config and the host.
 *
 * @param id the container's id
 * @param bundle host path against which relative paths of the config are resolved; absolute
 * @param scratch host path of an empty directory of the container's own, two levels below the state root: for a root
 *     that is not a directory of the host, and for sources whose flags are locked
 * @param awaitStart whether the process waits for a separate {@code start} before its program
 * @param newKeyring whether the process gets a session keyring of its own
 * @param pivot whether the root is entered by pivot_root(2); if not, it is moved over the old one, which a root on a
 *     ram disk needs
 * @param relaysTerminal whether this process passes on what a terminal of the container's shows; if not, its other end
 *     goes to somebody who sets the terminal's modes
 * @param callbacks the points at which code of this process is called after the config's own hooks
 * @param failAt the index of a step that is to fail, for tests only
 */
public record LaunchOptions(
        String id,
        String bundle,
        String scratch,
        boolean awaitStart,
        boolean newKeyring,
        boolean pivot,
        boolean relaysTerminal,
        Set<HookPoint> callbacks,
        OptionalInt failAt) {
    public LaunchOptions {
        callbacks = Set.copyOf(callbacks);
    }

    /** Returns options for a container that is started at once. */
    public static LaunchOptions of(String id, String bundle, String scratch) {
        return new LaunchOptions(id, bundle, scratch, false, true, true, true, Set.of(), OptionalInt.empty());
    }

    /** Returns the same, for a process that waits for {@code start}. */
    public LaunchOptions awaitingStart() {
        return new LaunchOptions(id, bundle, scratch, true, newKeyring, pivot, relaysTerminal, callbacks, failAt);
    }

    /** Returns the same without a keyring. */
    public LaunchOptions keepingKeyring() {
        return new LaunchOptions(id, bundle, scratch, awaitStart, false, pivot, relaysTerminal, callbacks, failAt);
    }

    /** Returns the same for a root that is not entered by pivot_root(2). */
    public LaunchOptions withoutPivot() {
        return new LaunchOptions(id, bundle, scratch, awaitStart, newKeyring, false, relaysTerminal, callbacks, failAt);
    }

    /** Returns the same for a process whose terminal somebody else gets. */
    public LaunchOptions handingTerminalOver() {
        return new LaunchOptions(id, bundle, scratch, awaitStart, newKeyring, pivot, false, callbacks, failAt);
    }

    /** Returns the same with calls of this process's own code at these points. */
    public LaunchOptions calling(Set<HookPoint> points) {
        return new LaunchOptions(id, bundle, scratch, awaitStart, newKeyring, pivot, relaysTerminal, points, failAt);
    }

    /** Returns the same with a failure injected. */
    public LaunchOptions failingAt(int step) {
        return new LaunchOptions(
                id, bundle, scratch, awaitStart, newKeyring, pivot, relaysTerminal, callbacks, OptionalInt.of(step));
    }

    /** Returns a path of the config as an absolute host path. */
    public String resolve(String path) {
        return path.startsWith("/") ? path : bundle + "/" + path;
    }
}
