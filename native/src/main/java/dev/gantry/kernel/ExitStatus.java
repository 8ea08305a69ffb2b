package dev.gantry.kernel;

/**
 * How a process ended.
 *
 * @param code the exit status, 0 to 255, or -1 if it was killed
 * @param signal the signal that killed it, or 0
 */
public record ExitStatus(int code, int signal) {
    /** What a shell adds to the number of a signal. */
    public static final int SIGNALLED = 128;

    /** Returns the status as a shell tells it: the code, or 128 plus the signal. */
    public int shell() {
        return signal == 0 ? code : SIGNALLED + signal;
    }
}
