package dev.gantry.cli.oci;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.io.ContainerProcess;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.Signal;
import dev.gantry.kernel.jnr.LinuxKernel;
import dev.gantry.oci.Process;
import dev.gantry.terminal.HostTerminal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Staying with a process to its end: signals are passed on to it, and a terminal is relayed to it if it has one.
 *
 * <p>Must be opened before the process is launched: a missing terminal is found out first, and a signal that comes
 * before the process is known is kept for it, instead of ending this one and leaving a container behind; a second one
 * that ends programs ends this one, for there may never be a process. Closing it gives the caller's terminal back its
 * modes.
 */
final class Foreground implements AutoCloseable {
    private static final List<Signal> PASSED_ON =
            List.of(Signal.HUP, Signal.INT, Signal.QUIT, Signal.TERM, Signal.USR1, Signal.USR2, Signal.CONT);

    private static final Set<Signal> ENDING = EnumSet.of(Signal.HUP, Signal.INT, Signal.QUIT, Signal.TERM);

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
     * @param remedy what to do if there is no terminal
     * @throws ContainerException if there is no terminal
     */
    static Foreground open(boolean withTerminal, String remedy) {
        if (!withTerminal) {
            return new Foreground(Optional.empty());
        }
        HostTerminal terminal = HostTerminal.open()
                .orElseThrow(() -> new ContainerException(
                        ErrorKind.CONFIG, "the process wants a terminal, and none is here", remedy, null));
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
            relay(launched, terminal.get(), launched.console().get());
        }
        return launched.waitFor();
    }

    /** A process whose output nobody reads any more gets a hang-up, as it would get SIGPIPE of a pipe. */
    private static void relay(ContainerProcess launched, HostTerminal terminal, Fd console) {
        Kernel kernel = LinuxKernel.load();
        try (Fd end = kernel.eventFd()) {
            CompletableFuture<Void> ended = launched.exit().thenRun(() -> kernel.wake(end));
            HostSignals.handle(Signal.WINCH, () -> terminal.copySizeTo(console));
            boolean taken = terminal.relay(console, end);
            HostSignals.handle(Signal.WINCH, () -> {});
            if (!taken) {
                console.close();
            }
            ended.join();
        }
    }

    /** Gives the process the signals that came before, and all that come from now on. */
    synchronized void known(ContainerProcess launched) {
        process = launched;
        early.forEach(signal -> process.signal(signal.number()));
        early.clear();
    }

    private synchronized void pass(Signal signal) {
        if (process == null) {
            if (ENDING.contains(signal) && early.stream().anyMatch(ENDING::contains)) {
                Runtime.getRuntime().halt(ExitStatus.SIGNALLED + signal.number()); // the init ends with this process
            }
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
