package dev.gantry.io;

import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/**
 * Makes {@link Thread#interrupt} visible to a poll, which the JVM does not wake: as a descriptor that becomes readable.
 *
 * <p>Java offers one way to be called by the thread that interrupts: a channel in the midst of an operation is closed.
 */
final class Interruption extends AbstractInterruptibleChannel {
    private final Kernel kernel;
    private final Fd event;

    private Interruption(Kernel kernel) {
        this.kernel = kernel;
        this.event = kernel.eventFd();
    }

    /** Begins to listen for interrupts of the calling thread, which must end it; one that has been sent counts too. */
    static Interruption ofThisThread(Kernel kernel) {
        Interruption interruption = new Interruption(kernel);
        interruption.begin();
        return interruption;
    }

    /** Returns what becomes readable with the interrupt. */
    Fd event() {
        return event;
    }

    @Override
    protected void implCloseChannel() {
        kernel.wake(event);
    }

    /** Stops listening; the thread's interrupt flag stays as it is. */
    void stop() {
        try {
            end(true);
        } catch (java.nio.channels.ClosedByInterruptException e) {
            return; // the flag says it
        } catch (java.nio.channels.AsynchronousCloseException e) {
            throw new IllegalStateException(e); // only an interrupt closes it
        } finally {
            event.close();
        }
    }
}
