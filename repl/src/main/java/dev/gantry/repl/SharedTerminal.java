package dev.gantry.repl;

import dev.gantry.error.StateException;
import dev.gantry.io.UserTerminal;
import dev.gantry.kernel.Fd;
import dev.gantry.oci.ConsoleSize;
import dev.gantry.terminal.HostTerminal;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;

/** The terminal of the prompt, which containers may have while no line is edited. */
final class SharedTerminal implements UserTerminal {
    private final Terminal terminal;
    private final TerminalPrinter printer;
    private final Runnable beforeLending;

    SharedTerminal(Terminal terminal, TerminalPrinter printer, Runnable beforeLending) {
        this.terminal = terminal;
        this.printer = printer;
        this.beforeLending = beforeLending;
    }

    @Override
    public ConsoleSize size() {
        Size size = terminal.getSize();
        return new ConsoleSize((long) size.getRows(), (long) size.getColumns());
    }

    @Override
    public String type() {
        return terminal.getType();
    }

    @Override
    public void show(byte[] output) {
        beforeLending.run();
        if (output.length > 0) {
            terminal.flush();
            try (HostTerminal host = host()) {
                host.show(output);
            }
        }
    }

    @Override
    public Parting lend(Fd console, Fd end) {
        terminal.flush();
        printer.hold();
        try (HostTerminal host = host()) {
            host.copySizeTo(console);
            Terminal.SignalHandler before = terminal.handle(Terminal.Signal.WINCH, signal -> host.copySizeTo(console));
            try {
                return host.lend(console, end);
            } finally {
                terminal.handle(Terminal.Signal.WINCH, before);
            }
        } finally {
            printer.release();
        }
    }

    private static HostTerminal host() {
        return HostTerminal.open().orElseThrow(() -> new StateException("there is no terminal"));
    }
}
