package dev.gantry.cli;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.Process;
import dev.gantry.runtime.ContainerProcess;
import dev.gantry.terminal.HostTerminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Staying with a process to its end: signals are passed on to it, and a terminal is relayed to it if it has one.
 *
 * <p>Must be opened before the process is launched: a missing terminal is found out first, and a signal that comes
 * before the process is known is kept for it, instead of ending this one and leaving a container behind. Closing it
 * gives the caller's terminal back its modes.
 */
final class Foreground implements AutoCloseable {
    private static final List<Signal> PASSED_ON =
            List.of(Signal.HUP, Signal.INT, Signal.QUIT, Signal.TERM, Signal.USR1, Signal.USR2, Signal.CONT);

    private final Optional<HostTerminal> terminal;
    private final List<Signal> early = new ArrayList<>();
    private ContainerProcess process;

    private Foreground(Optional<HostTerminal> terminal) {
        this.terminal = terminal;
        PASSED_ON.forEach(signal -> HostSignals.handle(signal, () -> pass(signal)));
    }

    /**
     * Opens the caller's terminal if the process is to have one, and listens for signals.
     *
     * @throws ContainerException if there is no terminal
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
    Process sized(Process wanted) {
        return terminal.isEmpty() || wanted.consoleSize() != null
                ? wanted
                : wanted.toBuilder().consoleSize(terminal.get().size()).build();
    }

    /** Blocks until the process has ended. */
    ExitStatus stayWith(ContainerProcess launched) {
        known(launched);
        if (terminal.isPresent() && launched.console().isPresent()) {
            Fd console = launched.console().get();
            HostSignals.handle(Signal.WINCH, () -> terminal.get().copySizeTo(console));
            terminal.get().relay(console);
        }
        return launched.waitFor();
    }

    private synchronized void known(ContainerProcess launched) {
        process = launched;
        early.forEach(signal -> process.signal(signal.number()));
    }

    private synchronized void pass(Signal signal) {
        if (process == null) {
            early.add(signal);
        } else {
            process.signal(signal.number());
        }
    }

    @Override
    public void close() {
        terminal.ifPresent(HostTerminal::close);
    }
}
