package dev.gantry.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What {@code gantry-init} tells the runtime: one record of {@link #BYTES} bytes.
 *
 * @param step the index of the plan's step that was executed, or {@link Wire#NO_STEP}
 * @param error the errno of a failure, else 0; a hook that ran and failed has none
 * @param value what {@code kind} says, else 0
 * @param text which call was refused, with its argument, or what a hook wrote; empty unless {@code kind} is FAILED
 */
public record Report(Kind kind, int step, int error, long value, String text) {
    /** The size of the record, whole in one message and below PIPE_BUF. */
    public static final int BYTES = 512;

    static final int TEXT_AT = 32;

    /** What the report is about. The ordinal travels. */
    public enum Kind {
        /** Stage two exists: {@code value} is its pid as the runtime sees it; a pidfd comes with the message. */
        PID,
        /** The init waits for the runtime to do its part of the step. */
        SYNC,
        /** All but the start of the program is done; the init waits. */
        READY,
        /** A pseudo terminal was made; its host side comes with the message. */
        CONSOLE,
        /**
         * A seccomp filter that asks an agent is on: {@code value} is the number of its listener in the reporting
         * process, which may send no descriptor any more. The init waits.
         */
        SECCOMP_LISTENER,
        /** The program is about to be executed; the end of the channel after this means that it was. */
        EXEC,
        /**
         * The step was refused, and the process is about to end. Without an errno it was a hook that failed: {@code
         * value} is its wait status, wait(2), or -1 if it ran out of time.
         */
        FAILED,
        /** A socket was made; it comes with the message. */
        SOCKET
    }

    /**
     * Reads the record at the start of {@code bytes}.
     *
     * @throws IllegalArgumentException if it is not a record of this version of the init
     */
    public static Report read(ByteBuffer bytes) {
        ByteBuffer in = bytes.duplicate().order(ByteOrder.nativeOrder());
        if (in.remaining() != BYTES || in.getInt() != Wire.MAGIC) {
            throw new IllegalArgumentException("not a report of gantry-init");
        }
        int kind = in.getInt();
        if (kind < 0 || kind >= Kind.values().length) {
            throw new IllegalArgumentException("report of unknown kind %d".formatted(kind));
        }
        int step = in.getInt();
        int error = in.getInt();
        long value = in.getLong();
        byte[] text = new byte[BYTES - TEXT_AT];
        in.position(in.position() + (TEXT_AT - 24));
        in.get(text);
        int length = 0;
        while (length < text.length && text[length] != 0) {
            length++;
        }
        return new Report(Kind.values()[kind], step, error, value, new String(text, 0, length, StandardCharsets.UTF_8));
    }
}
