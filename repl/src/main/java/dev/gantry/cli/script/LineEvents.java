package dev.gantry.cli.script;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Hands on what is written to it line by line, as UTF-8; the last line when it is closed, if it has no end. */
final class LineEvents extends OutputStream {
    private final Consumer<String> receiver;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private LineEvents(Consumer<String> receiver) {
        this.receiver = receiver;
    }

    /** Returns a stream, which may be shared by threads; the caller closes it. */
    static PrintStream to(Consumer<String> receiver) {
        return new PrintStream(new LineEvents(receiver), false, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void write(int octet) {
        if (octet == '\n') {
            receiver.accept(line.toString(StandardCharsets.UTF_8));
            line.reset();
        } else {
            line.write(octet);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int count) {
        for (int i = from; i < from + count; i++) {
            write(bytes[i]);
        }
    }

    @Override
    public synchronized void close() {
        if (line.size() > 0) {
            write('\n');
        }
    }
}
