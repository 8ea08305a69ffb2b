package dev.gantry.kernel.jnr;

import static dev.gantry.kernel.jnr.LibC.call;

import dev.gantry.kernel.Fd;
import dev.gantry.kernel.TerminalModes;
import dev.gantry.kernel.TerminalSize;
import dev.gantry.kernel.Terminals;

/** Makes the calls. */
final class LinuxTerminals implements Terminals {
    private final LibC c = LibC.INSTANCE;

    @Override
    public TerminalModes modes(Fd terminal) {
        try (Block modes = Block.of(TerminalModes.BYTES)) {
            ioctl(terminal, Numbers.TCGETS, modes);
            return new TerminalModes(modes.bytes(TerminalModes.BYTES));
        }
    }

    @Override
    public void setModes(Fd terminal, TerminalModes modes) {
        try (Block block = Block.of(TerminalModes.BYTES).bytes(0, modes.bytes())) {
            ioctl(terminal, Numbers.TCSETS, block);
        }
    }

    @Override
    public TerminalSize size(Fd terminal) {
        try (Block size = Block.of(Layouts.WINSIZE_SIZE)) {
            ioctl(terminal, Numbers.TIOCGWINSZ, size);
            return new TerminalSize(
                    size.int16(0),
                    size.int16(Layouts.WINSIZE_COL),
                    size.int16(Layouts.WINSIZE_XPIXEL),
                    size.int16(Layouts.WINSIZE_YPIXEL));
        }
    }

    @Override
    public void setSize(Fd terminal, TerminalSize size) {
        try (Block block = Block.of(Layouts.WINSIZE_SIZE)) {
            block.int16(0, size.rows())
                    .int16(Layouts.WINSIZE_COL, size.columns())
                    .int16(Layouts.WINSIZE_XPIXEL, size.width())
                    .int16(Layouts.WINSIZE_YPIXEL, size.height());
            ioctl(terminal, Numbers.TIOCSWINSZ, block);
        }
    }

    private void ioctl(Fd terminal, int request, Block argument) {
        call(c.ioctl, terminal, terminal.number(), request, argument.address());
    }
}
