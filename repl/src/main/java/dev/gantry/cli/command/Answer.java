package dev.gantry.cli.command;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Standard output, and why it could not be written: a {@link PrintStream} tells nobody. */
public final class Answer {
    private static final String PIPE_CLOSED = "Broken pipe"; // EPIPE, as the JVM words it

    private final Target target;
    private final PrintStream stream;

    public Answer(OutputStream to) {
        this.target = new Target(to);
        this.stream = new PrintStream(target, true, StandardCharsets.UTF_8);
    }

    private static final class Target extends OutputStream {
        private final OutputStream to;
        private volatile IOException failure;

        Target(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int from, int count) throws IOException {
            try {
                to.write(octets, from, count);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        @Override
        public void flush() throws IOException {
            to.flush();
        }
    }

    /** Returns the stream, which buffers nothing and writes each line at once. */
    public PrintStream stream() { // not a subclass: its lines would be written in two parts
        return stream;
    }

    /** @throws UnwrittenException if something could not be written */
    public void verify() {
        stream.flush();
        IOException failure = target.failure;
        if (failure != null) {
            throw new UnwrittenException(failure, PIPE_CLOSED.equals(failure.getMessage()));
        }
    }
}
