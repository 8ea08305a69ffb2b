package dev.gantry.kernel.init;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * The process whose reports somebody waits for. A wait ends with the process, or with its becoming the program, even if
 * another process holds the other end of the channel open.
 *
 * <p>It holds nothing: the pidfd stays the caller's. Not thread-safe.
 */
public final class Speaker {
    private static final int MIN_MILLIS = 20;
    private static final int MAX_MILLIS = 500;

    private final Kernel kernel;
    private final Fd pidfd;
    private final BooleanSupplier begun;
    private final boolean canBegin;

    private Speaker(Kernel kernel, Fd pidfd, BooleanSupplier begun, boolean canBegin) {
        this.kernel = kernel;
        this.pidfd = pidfd;
        this.begun = begun;
        this.canBegin = canBegin;
    }

    /** Returns a process that ends by itself after what it has to report. */
    static Speaker ending(Kernel kernel, Fd pidfd) {
        return new Speaker(kernel, pidfd, () -> false, false);
    }

    /**
     * Returns a process that becomes a program.
     *
     * @param begun whether it has: no event tells, so it is asked from time to time while the channel is silent
     */
    public static Speaker becomingProgram(Kernel kernel, Fd pidfd, BooleanSupplier begun) {
        return new Speaker(kernel, pidfd, begun, true);
    }

    /**
     * Waits until a channel from the process can be read: for a report or for the end. Blocks.
     *
     * @return false if nothing more will come, although the channel has not ended: somebody else holds it
     */
    public boolean awaitWord(Fd channel) {
        return awaitWord(channel, () -> -1);
    }

    /**
     * Does the same for a limited time: the process may be stopped, and never say a word.
     *
     * @param left how many milliseconds are left, asked again and again; negative if the time is not limited
     * @throws KernelException {@code ETIMEDOUT} if none are left, and the process has not become its program
     */
    public boolean awaitWord(Fd channel, IntSupplier left) {
        for (int millis = MIN_MILLIS; ; millis = Math.min(2 * millis, MAX_MILLIS)) {
            int most = left.getAsInt();
            int wait = !canBegin ? most : most < 0 ? millis : Math.min(most, millis);
            int[] ready = kernel.poll(List.of(channel, pidfd), new int[] {Kernel.POLLIN, Kernel.POLLIN}, wait);
            if (most == 0) { // whatever is there to read: others may write into the channel without end
                if (begun.getAsBoolean()) {
                    return false;
                }
                throw new KernelException("poll", "", Errno.ETIMEDOUT);
            }
            if (ready[0] != 0) {
                return true;
            }
            if (ready[1] != 0 || begun.getAsBoolean()) { // its last word may have come since
                return kernel.poll(List.of(channel), new int[] {Kernel.POLLIN}, 0)[0] != 0;
            }
        }
    }

    /** Waits until the process has ended, or has become its program. Blocks. */
    public void awaitEndOrBeginning() {
        boolean over = false;
        while (!over) {
            over = kernel.poll(List.of(pidfd), new int[] {Kernel.POLLIN}, canBegin ? MIN_MILLIS : -1)[0] != 0
                    || begun.getAsBoolean();
        }
    }
}
