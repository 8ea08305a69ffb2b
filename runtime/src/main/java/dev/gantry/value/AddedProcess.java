package dev.gantry.value;

import dev.gantry.error.ContainerException;
import dev.gantry.error.StateException;

/** A process that was added to a container, whose end must be awaited. */
public interface AddedProcess {
    /** Returns the pid as this process sees it. */
    int pid();

    /** Sends a signal; a process that has ended gets none. Any thread may call it. */
    void signal(int signal);

    /**
     * Waits for the process's end; called once. Blocks.
     *
     * @throws TimeoutFailure if its time was out before; it has been killed then
     * @throws StateException if the calling thread is interrupted, and it has been killed then; or if it was killed and
     *     has not ended within 10 s
     * @throws ContainerException of kind COMMAND_FAILED if it wrote more than is kept; it has been killed then
     */
    ExecResult await();
}
