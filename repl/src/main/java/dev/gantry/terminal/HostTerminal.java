package dev.gantry.terminal;

import dev.gantry.error.StateException;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.jnr.LinuxKernel;
import dev.gantry.oci.ConsoleSize;
import dev.gantry.runtime.UserTerminal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The terminal at which the user sits, in raw mode while a container has it, ioctl_tty(2). It is asked for its modes and
 * its size alone: what goes through it goes by standard input and output, which may lead elsewhere.
 */
public final class HostTerminal implements AutoCloseable {
    private static final int O_RDWR_NOCTTY = 2 | 0400;
    private static final long TCGETS = 0x5401;
    private static final long TCSETS = 0x5402;
    private static final long TIOCGWINSZ = 0x5413;
    private static final long TIOCSWINSZ = 0x5414;

    /** The kernel's {@code struct termios}: four words of modes, the line discipline, 19 control characters. */
    private static final int TERMIOS_BYTES = 36;

    private static final int INPUT_MODES_OFF = 0x5eb; // IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL IXON
    private static final int LOCAL_MODES_OFF = 0x804b; // ECHO ECHONL ICANON ISIG IEXTEN
    private static final int VTIME_AT = 17 + 5;
    private static final int VMIN_AT = 17 + 6;
    private static final int WINSIZE_BYTES = 8;

    private static final Fd INPUT = Fd.borrowed(0);
    private static final Fd OUTPUT = Fd.borrowed(1);

    private final Kernel kernel;
    private final Fd tty;
    private final ByteBuffer before;
    private boolean raw;

    private HostTerminal(Kernel kernel, Fd tty, ByteBuffer before) {
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
            return of(kernel, kernel.open("/dev/tty", O_RDWR_NOCTTY, 0));
        } catch (KernelException e) {
            return Optional.empty();
        }
    }

    private static Optional<HostTerminal> of(Kernel kernel, Fd fd) {
        ByteBuffer modes = buffer(TERMIOS_BYTES);
        try {
            kernel.ioctl(fd, TCGETS, modes);
            return Optional.of(new HostTerminal(kernel, fd, modes));
        } catch (KernelException e) {
            return Optional.empty();
        }
    }

    /** Returns the size of this terminal. */
    public ConsoleSize size() {
        ByteBuffer size = buffer(WINSIZE_BYTES);
        kernel.ioctl(tty, TIOCGWINSZ, size);
        return new ConsoleSize(
                (long) Short.toUnsignedInt(size.getShort(0)), (long) Short.toUnsignedInt(size.getShort(2)));
    }

    /** Gives the other terminal the size of this one. */
    public void copySizeTo(Fd other) {
        ByteBuffer size = buffer(WINSIZE_BYTES);
        kernel.ioctl(tty, TIOCGWINSZ, size);
        kernel.ioctl(other, TIOCSWINSZ, size);
    }

    /**
     * Passes standard input to a process and its output to standard output until it has ended or closed its terminal. Blocks.
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
        ByteBuffer rest = buffer(some.length).put(some).flip();
        while (rest.hasRemaining()) {
            kernel.write(to, rest);
        }
    }

    /** Output is still processed here: the container's own terminal adds no carriage returns. */
    private void raw() {
        ByteBuffer modes = buffer(TERMIOS_BYTES).put(before.duplicate()).flip();
        modes.putInt(0, modes.getInt(0) & ~INPUT_MODES_OFF);
        modes.putInt(12, modes.getInt(12) & ~LOCAL_MODES_OFF);
        modes.put(VTIME_AT, (byte) 0).put(VMIN_AT, (byte) 1);
        kernel.ioctl(tty, TCSETS, modes);
        raw = true;
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /** Not unless it was changed: a background process that touches its terminal is stopped, tcsetattr(3). */
    private void restore() {
        if (raw) {
            kernel.ioctl(tty, TCSETS, before);
            raw = false;
        }
    }

    @Override
    public void close() {
        restore();
        tty.close();
    }
}
