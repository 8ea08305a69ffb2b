package dev.gantry.value;

/**
 * How a container is made, as far as its config does not say it.
 *
 * @param pivot whether its root is entered by pivot_root(2), as it should be; a root on a ram disk cannot be
 * @param newKeyring whether its processes get a session keyring of their own
 * @param leased whether it belongs to this process, so that {@code Gantry.sweep} removes it once that is gone
 * @param notifying whether its processes find a {@code NOTIFY_SOCKET}
 * @param relaysTerminal whether this process passes on what a terminal of the container's shows, and does not hand it
 *     over
 */
public record CreateOptions(
        boolean pivot, boolean newKeyring, boolean leased, boolean notifying, boolean relaysTerminal) {
    /** The default. */
    public static final CreateOptions DEFAULT = new CreateOptions(true, true, false, false, true);

    /** Returns the same for a root that is moved over the host's instead of a pivot. */
    public CreateOptions withoutPivot() {
        return new CreateOptions(false, newKeyring, leased, notifying, relaysTerminal);
    }

    /** Returns the same with the caller's session keyring. */
    public CreateOptions keepingKeyring() {
        return new CreateOptions(pivot, false, leased, notifying, relaysTerminal);
    }

    /** Returns the same for a container that belongs to this process. */
    public CreateOptions leasing() {
        return new CreateOptions(pivot, newKeyring, true, notifying, relaysTerminal);
    }

    /** Returns the same for a container whose processes may tell of themselves by sd_notify(3). */
    public CreateOptions withNotifySocket() {
        return new CreateOptions(pivot, newKeyring, leased, true, relaysTerminal);
    }

    /** Returns the same for a container whose terminal, if it has one, somebody else gets. */
    public CreateOptions handingTerminalOver() {
        return new CreateOptions(pivot, newKeyring, leased, notifying, false);
    }
}
