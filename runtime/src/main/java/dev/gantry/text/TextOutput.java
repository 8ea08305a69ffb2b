package dev.gantry.text;

import dev.gantry.error.Shown;
import dev.gantry.wire.RawText;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A stream on which {@link Secrets} are masked.
 *
 * <p>What is <em>printed</em> on {@linkplain #shown one} is Gantry's own text with parts that others wrote, and is
 * escaped as {@link Shown#lines} does; on {@linkplain #raw the other} it is a script's own and stays as it is. What is
 * <em>written</em>, octets, is the output of a program that somebody asked to see, and stays as it is on both.
 *
 * <p>What may be the beginning of a secret waits for what follows it, or for the {@link #end}; a printed line waits for
 * nothing. Each program has its own {@linkplain #ofProgram stream}: what others write or print between two parts of its
 * secret comes before the first. Thread-safe.
 */
public final class TextOutput extends PrintStream {
    private final PrintStream target;
    private final Secrets secrets;
    private final UnaryOperator<String> escape;
    private final boolean escapes;
    private final Set<Program> programs = new LinkedHashSet<>();
    private String waiting = "";
    private boolean waitingText; // it was printed, all of it

    private TextOutput(PrintStream target, Secrets secrets, boolean escapes) {
        super(target);
        this.target = target;
        this.secrets = secrets;
        this.escapes = escapes;
        this.escape = escapes ? Shown::lines : UnaryOperator.identity();
    }

    /** Returns a stream for messages, tables and JSON. */
    public static TextOutput shown(PrintStream target, Secrets secrets) {
        return new TextOutput(target, secrets, true);
    }

    /** Returns a stream for what scripts print. */
    public static TextOutput raw(PrintStream target, Secrets secrets) {
        return new TextOutput(target, secrets, false);
    }

    /**
     * Returns a stream for the output of one program, which {@link #endOfProgram} ends, if {@code to} is one of these;
     * otherwise {@code to} itself.
     */
    public static OutputStream ofProgram(OutputStream to) {
        return to instanceof TextOutput output ? output.open() : to;
    }

    /** Ends what {@link #ofProgram} returned: what waits is written. Leaves any other stream as it is. */
    public static void endOfProgram(OutputStream stream) {
        if (stream instanceof Program program) {
            program.end();
        }
    }

    private synchronized Program open() {
        Program program = new Program();
        programs.add(program);
        return program;
    }

    /** What one program writes. */
    private final class Program extends OutputStream {
        private String waiting = "";

        @Override
        public void write(int octet) {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int from, int count) {
            synchronized (TextOutput.this) {
                if (secrets.isEmpty() && waiting.isEmpty()) {
                    target.write(octets, from, count);
                    return;
                }
                Secrets.Split split = secrets.split(waiting + Secrets.octets(octets, from, count));
                waiting = split.waiting();
                put(split.masked());
            }
        }

        @Override
        public void flush() {
            TextOutput.this.flush();
        }

        private void end() {
            synchronized (TextOutput.this) {
                put(waiting);
                waiting = "";
                programs.remove(this);
            }
        }
    }

    @Override
    public synchronized void print(String text) {
        put(String.valueOf(text), false);
    }

    @Override
    public void print(Object value) {
        print(String.valueOf(value));
    }

    @Override
    public void print(char character) {
        print(String.valueOf(character));
    }

    @Override
    public void print(char[] text) {
        print(String.valueOf(text));
    }

    /** Writes the line at once, so that lines of several processes stay whole. */
    @Override
    public synchronized void println(String text) {
        put(String.valueOf(text), true);
    }

    @Override
    public void println(Object value) {
        println(String.valueOf(value));
    }

    @Override
    public void println(char character) {
        println(String.valueOf(character));
    }

    @Override
    public void println(char[] text) {
        println(String.valueOf(text));
    }

    private void put(String text, boolean line) {
        if (escapes && !waitingText) {
            end(); // octets that are not to be escaped
        }
        if (waiting.isEmpty() && (secrets.isEmpty() || line)) {
            putText(secrets.masked(text), line);
            return;
        }
        boolean asText = waiting.isEmpty() || waitingText;
        String all = waiting + Secrets.octets(text);
        Secrets.Split split = line ? secrets.splitAtEnd(all) : secrets.split(all);
        waiting = split.waiting();
        waitingText = asText && !waiting.isEmpty();
        if (asText) {
            putText(Secrets.text(split.masked()), line);
        } else {
            put(line ? split.masked() + System.lineSeparator() : split.masked());
        }
    }

    private void putText(String masked, boolean line) {
        if (RawText.hasBytes(masked) && !escapes) {
            put(Secrets.octets(line ? masked + System.lineSeparator() : masked));
        } else if (line) {
            target.println(escape.apply(masked));
        } else {
            target.print(escape.apply(masked));
        }
    }

    @Override
    public void write(int octet) {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] octets, int from, int count) {
        if (escapes && waitingText) {
            end(); // a text that is to be escaped
        }
        if (secrets.isEmpty()) {
            end();
            target.write(octets, from, count);
            return;
        }
        Secrets.Split split = secrets.split(waiting + Secrets.octets(octets, from, count));
        waiting = split.waiting();
        waitingText = false;
        put(split.masked());
    }

    /** Writes what waits of what was printed or written here: no more will come. Programs' streams go on. */
    public synchronized void end() {
        String last = waiting;
        waiting = "";
        if (waitingText) {
            waitingText = false;
            putText(Secrets.text(last), false);
        } else {
            put(last);
        }
    }

    /** Does the same for all programs too: nothing more will come from anybody. */
    public synchronized void endAll() {
        end();
        Set.copyOf(programs).forEach(Program::end);
    }

    private void put(String octets) {
        if (!octets.isEmpty()) {
            byte[] bytes = octets.getBytes(StandardCharsets.ISO_8859_1);
            target.write(bytes, 0, bytes.length);
        }
    }

    @Override
    public void close() {
        endAll();
        super.close();
    }
}
