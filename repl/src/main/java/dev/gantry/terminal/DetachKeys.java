package dev.gantry.terminal;

import java.util.Arrays;

/**
 * Finds the keys by which one leaves a container, Ctrl-P Ctrl-Q, in what is typed. The first of them is held back until
 * the next key tells whether it was meant. Not thread-safe.
 */
final class DetachKeys {
    private static final byte CTRL_P = 0x10;
    private static final byte CTRL_Q = 0x11;

    private boolean held;

    /**
     * What is to become of some bytes.
     *
     * @param passed what the process gets
     * @param leaves whether the user leaves; what was typed after that is dropped
     */
    record Typed(byte[] passed, boolean leaves) {}

    /** Takes the next bytes that were typed. */
    Typed take(byte[] bytes) {
        byte[] passed = new byte[bytes.length + 1];
        int count = 0;
        for (byte each : bytes) {
            if (held && each == CTRL_Q) {
                held = false;
                return new Typed(Arrays.copyOf(passed, count), true);
            }
            if (held) {
                passed[count++] = CTRL_P;
            }
            held = each == CTRL_P;
            if (!held) {
                passed[count++] = each;
            }
        }
        return new Typed(Arrays.copyOf(passed, count), false);
    }
}
