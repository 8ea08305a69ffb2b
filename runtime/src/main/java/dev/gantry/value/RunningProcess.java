package dev.gantry.value;

/**
 * A process of a container, proc_pid_status(5).
 *
 * @param pid as this machine sees it
 * @param inside the pid as the container sees it
 * @param uid as this machine sees it
 * @param state one word: {@code sleeping}
 * @param memory resident, in bytes
 * @param command what it was started as
 */
public record RunningProcess(int pid, int inside, long uid, String state, long memory, String command) {
    @Override
    public String toString() {
        return "%s (pid %d, %d inside, %s)".formatted(command, pid, inside, state);
    }
}
