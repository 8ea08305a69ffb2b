package dev.gantry.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The modes of a terminal, termios(3), as the kernel has them: its {@code struct termios}. Immutable. */
public final class TerminalModes {
    /** Four words of modes, the line discipline, 19 control characters. */
    public static final int BYTES = 36;

    private static final int IFLAG_AT = 0;
    private static final int LFLAG_AT = 12;
    private static final int CC_AT = 17;
    private static final int VTIME = 5;
    private static final int VMIN = 6;
    private static final int RAW_IFLAG_OFF = 0x5eb; // IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL IXON
    private static final int RAW_LFLAG_OFF = 0x804b; // ECHO ECHONL ICANON ISIG IEXTEN

    private final byte[] bytes;

    /** Creates some from what the kernel says. */
    public TerminalModes(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /** Returns the modes as the kernel takes them. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Returns the same, but raw for input: what is typed comes at once, as it is, and means nothing to the kernel. */
    public TerminalModes withRawInput() {
        TerminalModes raw = new TerminalModes(bytes);
        ByteBuffer modes = ByteBuffer.wrap(raw.bytes).order(ByteOrder.nativeOrder());
        modes.putInt(IFLAG_AT, modes.getInt(IFLAG_AT) & ~RAW_IFLAG_OFF);
        modes.putInt(LFLAG_AT, modes.getInt(LFLAG_AT) & ~RAW_LFLAG_OFF);
        modes.put(CC_AT + VTIME, (byte) 0).put(CC_AT + VMIN, (byte) 1);
        return raw;
    }
}
