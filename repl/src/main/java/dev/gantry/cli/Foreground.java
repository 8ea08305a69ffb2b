package dev.gantry.cli;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.Process;
import dev.gantry.runtime.ContainerProcess;
import java.util.List;
import java.util.Optional;

/**
 * Staying with a process to its end: signals are passed on to it, and a terminal is relayed to it if it has one.
 *
 * <p>Must be opened before the process is launched, so that a missing terminal is found out first, and closed, which
 * gives the caller's terminal back its modes.
 */
final class Foreground implements AutoCloseable {
    private static final List<Signal> PASSED_ON =
            List.of(Signal.HUP, Signal.INT, Signal.QUIT, Signal.TERM, Signal.USR1, Signal.USR2, Signal.CONT);

    private final Optional<HostTerminal> terminal;

    private Foreground(Optional<HostTerminal> terminal) {
        this.terminal = terminal;
    }

    /**
     * Opens the caller's terminal if the process is to have one.
     *
     * @throws ContainerException if there is none
     */
    static Foreground open(boolean withTerminal) {
        if (!withTerminal) {
            return new Foreground(Optional.empty());
        }
        HostTerminal terminal = HostTerminal.open()
                .orElseThrow(() -> new ContainerException(
                        ErrorKind.CONFIG,
                        "the process wants a terminal, and none is here",
                        "set `process.terminal` to false",
                        null));
        return new Foreground(Optional.of(terminal));
    }

    /** Returns the process with the size of the caller's terminal, unless it says a size of its own. */
    Process sized(Process process) {
        return terminal.isEmpty() || process.consoleSize() != null
                ? process
                : process.toBuilder().consoleSize(terminal.get().size()).build();
    }

    /** Blocks until the process has ended. */
    ExitStatus stayWith(ContainerProcess process) {
        PASSED_ON.forEach(signal -> HostSignals.handle(signal, () -> process.signal(signal.number())));
        if (terminal.isPresent() && process.console().isPresent()) {
            Fd console = process.console().get();
            HostSignals.handle(Signal.WINCH, () -> terminal.get().copySizeTo(console));
            terminal.get().relay(console);
        }
        return process.waitFor();
    }

    @Override
    public void close() {
        terminal.ifPresent(HostTerminal::close);
    }
}
