package dev.gantry.kernel;

/**
 * The calls for terminals, {@code ioctl_tty(2)}. As for {@link Kernel}: any thread, and {@link KernelException}, with
 * {@code ENOTTY} for what is none.
 */
public interface Terminals {
    /** Returns the modes of a terminal. */
    TerminalModes modes(Fd terminal);

    /** Gives it modes at once, whatever is still to be read or written. */
    void setModes(Fd terminal, TerminalModes modes);

    /** Returns the size of a terminal. */
    TerminalSize size(Fd terminal);

    /** Gives it a size; its foreground process group gets SIGWINCH if that is another than before. */
    void setSize(Fd terminal, TerminalSize size);
}
