package dev.gantry.repl;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.InfoCmp;
import org.jline.utils.NonBlockingReader;

/** Shows a value again and again, in place, until it is cancelled. */
final class Watch {
    private static final long PERIOD_MILLIS = 1_000;
    private static final int LOOKS = 10; // for a key, in a period

    private final Terminal terminal;
    private final TerminalPrinter printer;
    private final Ink ink;
    private boolean isTypedAhead;

    Watch(Terminal terminal, TerminalPrinter printer, Ink ink) {
        this.terminal = terminal;
        this.printer = printer;
        this.ink = ink;
    }

    /** Blocks until `q` is typed or the thread is interrupted, which are the ways to end it and no failure. */
    void run(Callable<?> value) {
        Renderer renderer = new Renderer(ink); // of its own: it counts from one sample to the next
        int shown = 0;
        isTypedAhead = false;
        Attributes before = terminal.getAttributes();
        terminal.setAttributes(keyByKey(before));
        printer.hold();
        try {
            while (!Thread.currentThread().isInterrupted()) {
                List<String> lines = fitting(renderer.render(value.call()).orElse(""));
                back(shown);
                lines.forEach(terminal.writer()::println);
                terminal.flush();
                shown = lines.size();
                if (isLeft()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            return;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            printer.release();
            terminal.setAttributes(before);
        }
    }

    /** A key is read at once and not echoed; Ctrl-C still interrupts. */
    private static Attributes keyByKey(Attributes before) {
        Attributes keys = new Attributes(before);
        keys.setLocalFlags(EnumSet.of(Attributes.LocalFlag.ICANON, Attributes.LocalFlag.ECHO), false);
        keys.setControlChar(Attributes.ControlChar.VMIN, 1);
        keys.setControlChar(Attributes.ControlChar.VTIME, 0);
        return keys;
    }

    /** Waits for the next sample; returns whether the user wants none. What else was typed is for the prompt. */
    private boolean isLeft() throws IOException, InterruptedException {
        for (int i = 0; i < LOOKS; i++) {
            int key = isTypedAhead ? NonBlockingReader.READ_EXPIRED : peek();
            if (key == 'q') {
                return terminal.reader().read() == key;
            }
            isTypedAhead |= key != NonBlockingReader.READ_EXPIRED;
            Thread.sleep(PERIOD_MILLIS / LOOKS); // not in the reader, which would hand an interruption on to the prompt
        }
        return false;
    }

    /** An interruption stays in the reader of JLine, for the next one who reads, until it is read. */
    private int peek() throws IOException, InterruptedException {
        try {
            return terminal.reader().peek(1);
        } catch (InterruptedIOException e) {
            try {
                terminal.reader().read(1);
            } catch (InterruptedIOException sameAgain) {
                throw new InterruptedException();
            }
            throw new InterruptedException();
        }
    }

    /** What does not fit on the screen could not be overwritten. */
    private List<String> fitting(String text) {
        Size size = terminal.getSize();
        int columns = size.getColumns() > 0 ? size.getColumns() : Integer.MAX_VALUE;
        int rows = size.getRows() > 1 ? size.getRows() - 1 : Integer.MAX_VALUE;
        return Ink.showing(printer.masked(text))
                .lines()
                .limit(rows)
                .map(line -> AttributedString.fromAnsi(line)
                        .columnSubSequence(0, columns)
                        .toAnsi(terminal))
                .toList();
    }

    private void back(int lines) {
        for (int i = 0; i < lines; i++) {
            terminal.puts(InfoCmp.Capability.cursor_up);
        }
        terminal.puts(InfoCmp.Capability.clr_eos);
    }
}
