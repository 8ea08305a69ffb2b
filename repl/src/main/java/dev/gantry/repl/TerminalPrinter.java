package dev.gantry.repl;

import dev.gantry.text.Secrets;
import dev.gantry.text.TextOutput;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.LineReader;
import org.jline.terminal.Terminal;

/** The one way to the terminal, from any thread: above the line that is being edited, if one is. Thread-safe. */
final class TerminalPrinter {
    private final Terminal terminal;
    private final Secrets secrets;
    private final TextOutput stream;
    private final List<String> held = new ArrayList<>();
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
    private volatile LineReader reader;
    private boolean holds;

    TerminalPrinter(Terminal terminal, Secrets secrets) {
        this.terminal = terminal;
        this.secrets = secrets;
        this.stream = TextOutput.raw(toTerminal(), secrets);
    }

    /** From now on, what is printed while a line is edited comes above it. */
    void above(LineReader editing) {
        this.reader = editing;
    }

    /**
     * Prints lines of Gantry's own, in which others' text may be: colours pass, nothing else that a terminal acts on.
     */
    void print(String text) {
        end();
        printRaw(Ink.showing(masked(text)));
    }

    /** Returns the text without what must not be read. */
    String masked(String text) {
        return secrets.masked(text);
    }

    private synchronized void printRaw(String text) {
        LineReader editing = reader;
        if (holds) {
            held.add(text);
        } else if (editing != null && editing.isReading()) {
            editing.printAbove(text);
        } else {
            terminal.writer().println(text);
            terminal.flush();
        }
    }

    /** Keeps what is to be printed until {@link #release}: the terminal is somebody else's for a while. */
    synchronized void hold() {
        holds = true;
    }

    /** Prints what was held back. */
    synchronized void release() {
        holds = false;
        held.forEach(this::printRaw);
        held.clear();
    }

    /**
     * Returns the stream to the terminal for what scripts and the programs that they run print: that stays as it is.
     */
    PrintStream stream() {
        return stream;
    }

    /** Shows the octets that wait since they may be the beginning of a secret: no more will come. */
    void end() {
        stream.end();
    }

    private PrintStream toTerminal() {
        OutputStream bytes = new OutputStream() {
            @Override
            public void write(int octet) {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] some, int from, int length) {
                pass(some, from, length);
            }

            @Override
            public void flush() {
                terminal.flush();
            }
        };
        return new PrintStream(bytes, false, StandardCharsets.UTF_8);
    }

    /** While a line is edited, only whole lines are shown. */
    private synchronized void pass(byte[] some, int from, int length) {
        begun.write(some, from, length);
        LineReader editing = reader;
        boolean waits = holds || editing != null && editing.isReading();
        byte[] all = begun.toByteArray();
        int end = all.length;
        while (waits && end > 0 && all[end - 1] != '\n') {
            end--;
        }
        begun.reset();
        begun.write(all, end, all.length - end);
        if (waits && end > 0) {
            printRaw(new String(all, 0, end - 1, StandardCharsets.UTF_8));
        } else if (!waits) {
            terminal.writer().write(new String(all, 0, end, StandardCharsets.UTF_8));
            terminal.flush(); // what goes on may take long
        }
    }
}
