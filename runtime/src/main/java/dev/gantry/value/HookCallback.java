package dev.gantry.value;

import dev.gantry.oci.State;

/** Code of this process that stands for a hook; see {@link Definition#callingAt}. */
@FunctionalInterface
public interface HookCallback {
    /**
     * Called at the hook's point of the container's life, on the thread that makes, starts or deletes the container.
     * What it throws fails that operation as a failed hook does.
     */
    void at(State state);
}
