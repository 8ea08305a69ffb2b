package dev.gantry.repl;

import java.util.List;
import java.util.concurrent.Callable;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.InfoCmp;

/** Shows a value again and again, in place, until it is cancelled. */
final class Watch {
    private static final long PERIOD_MILLIS = 1_000;

    private final Terminal terminal;
    private final TerminalPrinter printer;
    private final Ink ink;

    Watch(Terminal terminal, TerminalPrinter printer, Ink ink) {
        this.terminal = terminal;
        this.printer = printer;
        this.ink = ink;
    }

    /** Blocks until the thread is interrupted, which is the way to end it and no failure. */
    void run(Callable<?> value) {
        Renderer renderer = new Renderer(ink); // of its own: it counts from one sample to the next
        int shown = 0;
        boolean echoed = terminal.echo(false); // or the ^C that ends it stands before the next prompt
        printer.hold();
        try {
            while (!Thread.currentThread().isInterrupted()) {
                List<String> lines = fitting(renderer.render(value.call()).orElse(""));
                back(shown);
                lines.forEach(terminal.writer()::println);
                terminal.flush();
                shown = lines.size();
                Thread.sleep(PERIOD_MILLIS);
            }
        } catch (InterruptedException e) {
            return;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            printer.release();
            terminal.echo(echoed);
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
