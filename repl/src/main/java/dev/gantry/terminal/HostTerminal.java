package dev.gantry.terminal;

import dev.gantry.error.StateException;
import dev.gantry.io.UserTerminal;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;
import dev.gantry.kernel.TerminalModes;
import dev.gantry.kernel.TerminalSize;
import dev.gantry.kernel.jnr.LinuxKernel;
import dev.gantry.oci.ConsoleSize;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The terminal at which the user sits, in raw mode while a container has it, ioctl_tty(2). It is asked for its modes
 * and its size alone: what goes through it goes by standard input and output, which may lead elsewhere.
 */
public final class HostTerminal implements AutoCloseable {
    private static final Fd INPUT = Fd.borrowed(0);
    private static final Fd OUTPUT = Fd.borrowed(1);

    private final Kernel kernel;
    private final Fd tty;
    private final TerminalModes before;
    private boolean raw;

    private HostTerminal(Kernel kernel, Fd tty, TerminalModes before) {
        this.kernel = kernel;
        this.tty = tty;
        this.before = before;
    }

    /** Opens the terminal of one of the standard descriptors, or else the controlling one; empty if there is none. */
    public static Optional<HostTerminal> open() {
        Kernel kernel = LinuxKernel.load();
        Optional<HostTerminal> standard = IntStream.rangeClosed(0, 2)
                .mapToObj(Fd::borrowed)
                .map(fd -> of(kernel, fd))
                .flatMap(Optional::stream)
                .findFirst();
        return standard.isPresent() ? standard : controlling(kernel);
    }

    /** Returns whether a standard descriptor is a terminal. */
    public static boolean isAt(int number) {
        return of(LinuxKernel.load(), Fd.borrowed(number)).isPresent();
    }

    private static Optional<HostTerminal> controlling(Kernel kernel) {
        try {
            return of(kernel, kernel.open("/dev/tty", OpenFlag.RDWR, OpenFlag.NOCTTY));
        } catch (KernelException e) {
            return Optional.empty();
        }
    }

    private static Optional<HostTerminal> of(Kernel kernel, Fd fd) {
        try {
            return Optional.of(new HostTerminal(kernel, fd, kernel.terminals().modes(fd)));
        } catch (KernelException e) {
            return Optional.empty();
        }
    }

    /** Returns the size of this terminal. */
    public ConsoleSize size() {
        TerminalSize size = kernel.terminals().size(tty);
        return new ConsoleSize((long) size.rows(), (long) size.columns());
    }

    /** Gives the other terminal the size of this one. */
    public void copySizeTo(Fd other) {
        kernel.terminals().setSize(other, kernel.terminals().size(tty));
    }

    /**
     * Passes standard input to a process and its output to standard output until it has ended or closed its terminal.
     * Blocks.
     *
     * <p>Keys come raw if they are typed at this terminal. If standard input is something else nobody types, and the
     * terminal goes on making a signal of Ctrl-C.
     *
     * @param end becomes readable when the process has ended
     * @return whether all that it wrote was taken; if not, nobody reads standard output any more
     */
    public boolean relay(Fd console, Fd end) {
        if (isAt(0)) {
            raw();
        }
        return new Relay(kernel, INPUT, OUTPUT, console, end, Optional.empty()).run() != Relay.Over.DEAF;
    }

    /**
     * Does the same until the user leaves by Ctrl-P Ctrl-Q or the process has ended, and then gives this terminal its
     * modes back. Blocks.
     *
     * @param end becomes readable when the process has ended; what it wrote before is still shown
     */
    public UserTerminal.Parting lend(Fd console, Fd end) {
        raw();
        try {
            return switch (new Relay(kernel, INPUT, OUTPUT, console, end, Optional.of(new DetachKeys())).run()) {
                case LEFT -> UserTerminal.Parting.LEFT;
                case ENDED -> UserTerminal.Parting.ENDED;
                case DEAF, INPUT_CLOSED -> throw new StateException("attach: the terminal was closed");
            };
        } finally {
            restore();
        }
    }

    /** Shows what a process wrote. */
    public void show(byte[] output) {
        write(OUTPUT, output);
    }

    private void write(Fd to, byte[] some) {
        ByteBuffer rest = ByteBuffer.allocateDirect(some.length).put(some).flip();
        while (rest.hasRemaining()) {
            kernel.write(to, rest);
        }
    }

    /** Output is still processed here: the container's own terminal adds no carriage returns. */
    private void raw() {
        kernel.terminals().setModes(tty, before.withRawInput());
        raw = true;
    }

    /** Not unless it was changed: a background process that touches its terminal is stopped, tcsetattr(3). */
    private void restore() {
        if (raw) {
            kernel.terminals().setModes(tty, before);
            raw = false;
        }
    }

    @Override
    public void close() {
        restore();
        tty.close();
    }
}
