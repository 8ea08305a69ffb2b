package dev.gantry.repl;

import java.util.concurrent.Callable;
import org.jline.terminal.Terminal;
import org.jline.utils.InfoCmp;

/** Shows a value again and again, in place, until it is cancelled. */
final class Watch {
    private static final long PERIOD_MILLIS = 1_000;

    private final Terminal terminal;
    private final Renderer renderer;

    Watch(Terminal terminal, Renderer renderer) {
        this.terminal = terminal;
        this.renderer = renderer;
    }

    /** Blocks until the thread is interrupted, which is the way to end it and no failure. */
    void run(Callable<?> value) {
        int shown = 0;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                String text = renderer.render(value.call()).orElse("");
                back(shown);
                text.lines().forEach(terminal.writer()::println);
                terminal.flush();
                shown = (int) text.lines().count();
                Thread.sleep(PERIOD_MILLIS);
            }
        } catch (InterruptedException e) {
            return;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void back(int lines) {
        for (int i = 0; i < lines; i++) {
            terminal.puts(InfoCmp.Capability.cursor_up);
        }
        terminal.puts(InfoCmp.Capability.clr_eos);
    }
}
