package dev.gantry.dsl.live;

import dev.gantry.dsl.block.PublishedPort;
import dev.gantry.dsl.word.TimeSpan;
import dev.gantry.error.ContainerException;
import dev.gantry.error.StateException;
import dev.gantry.io.ContainerOutput;
import dev.gantry.io.OutputSearch;
import dev.gantry.io.Stdio;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Signal;
import dev.gantry.runtime.Container;
import dev.gantry.value.ContainerStatus;
import dev.gantry.value.Definition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** A life on this machine. After a deletion it can begin again. */
final class RealLife extends ContainerLife {
    private final LivePod pod;
    private final LiveTerminals terminals;
    private final LiveEvents listeners;
    private Container container;
    private ContainerOutput output;
    private boolean isDeleted;
    private boolean isShortageTold;

    /**
     * Creates a life that has not begun.
     *
     * @param pod whose namespaces the container joins; null if it is in none
     */
    RealLife(Session session, String id, Definition definition, LivePod pod) {
        super(session, id, definition);
        this.pod = pod;
        this.terminals = new LiveTerminals(session, id);
        this.listeners = new LiveEvents(session, id);
    }

    @Override
    Container made() {
        return container;
    }

    @Override
    Container live(String operation) {
        requireLive();
        if (container == null) {
            throw isDeleted
                    ? new StateException(
                            "%s `%s`: it is deleted".formatted(operation, id()), "`start()` makes it again")
                    : new StateException(
                            "%s `%s`: it has not been made".formatted(operation, id()), "call `start()` first");
        }
        return container;
    }

    @Override
    void requireLive() {
        session().requireLive();
    }

    @Override
    void create() {
        make("create", false);
    }

    @Override
    void start() {
        if (container == null) {
            make("start", true);
        } else {
            container.start();
            listeners.publish("start");
        }
    }

    @Override
    int run() {
        requireLive();
        requireEnd();
        make("run", true);
        return thenDeleted(() -> waitFor(Waiting.FOR_EVER));
    }

    private void make(String operation, boolean start) {
        requireLive();
        if (container != null) {
            throw new StateException("%s `%s`: it has been made already".formatted(operation, id()));
        }
        Definition wanted = terminals.sized(operation, pod == null ? definition() : pod.resolved(definition()));
        session().out().flush(); // what the script printed comes before what the container prints
        output = isIdle() || wanted.config().process().isTerminal()
                ? null
                : session().openOutput();
        try (Stdio stdio = output == null ? Stdio.inherited() : output.stdio()) {
            isDeleted = false;
            isShortageTold = false;
            List<PublishedPort> published = PublishedPort.of(wanted.config());
            container = session().make(id(), wanted, start && published.isEmpty(), stdio, output);
            terminals.made(container);
            listeners.made(container);
            publish(published, start);
            if (start) {
                listeners.publish("start");
            }
        } finally {
            if (container == null && output != null) {
                output.drain();
                output.close();
                output = null;
            }
        }
    }

    /** Opens ports before the program starts, which may look for its users; without them there is no container. */
    private void publish(List<PublishedPort> published, boolean start) {
        if (published.isEmpty()) {
            return;
        }
        try {
            published.forEach(session().containers().ports(container)::publish);
            if (start) {
                container.start();
            }
        } catch (ContainerException e) {
            deleteAfter(e);
            throw e;
        }
    }

    @Override
    <T> T whileStarted(String operation, Supplier<T> body) {
        if (container != null && container.status() != ContainerStatus.CREATED) {
            throw new StateException(
                    "%s `%s`: it has been started already".formatted(operation, id()),
                    "`box.with { ... }` runs a block with a container as it is");
        }
        start();
        return thenDeleted(body);
    }

    /** Deletes the container after something, whatever that comes to. */
    private <T> T thenDeleted(Supplier<T> body) {
        Throwable failure = null;
        try {
            return body.get();
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            deleteAfter(failure);
        }
    }

    private void deleteAfter(Throwable failure) {
        try {
            if (container != null) {
                ContainerOutput written = output;
                delete(true);
                output = written; // the script has not asked for the deletion, and may read it still
            }
        } catch (ContainerException e) {
            if (failure == null) {
                throw e;
            }
            failure.addSuppressed(e);
        }
    }

    @Override
    void pause() {
        live("pause").pause();
        listeners.publish("pause");
    }

    @Override
    void resume() {
        live("resume").resume();
        listeners.publish("resume");
    }

    @Override
    void delete(boolean force) {
        Container live = live("delete");
        listeners.expectEnd(true);
        session().containers().delete(live, force);
        listeners.publish("delete");
        container = null;
        output = null;
        isDeleted = true;
    }

    @Override
    int waitFor(Duration limit) {
        Container live = live("wait for");
        listeners.expectEnd(true);
        try {
            return shell(live.exit().get(limit.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            listeners.expectEnd(false);
            throw new StateException("wait for `%s`: it has not ended after %s".formatted(id(), TimeSpan.text(limit)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            listeners.expectEnd(false);
            throw new StateException("wait for `%s`: interrupted".formatted(id()));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private int shell(Optional<ExitStatus> status) {
        session().containers().requireOpen();
        if (output != null) {
            output.drain(); // what it wrote comes before what the script does next
        }
        ExitStatus end = status.orElseThrow(); // empty only for processes that another JVM launched
        container.shortage(end).filter(shortage -> !isShortageTold).ifPresent(shortage -> {
            isShortageTold = true;
            session().err().printf("gantry: warning: container `%s` %s%n", id(), shortage);
        });
        return end.shell();
    }

    @Override
    int stop(Duration grace) {
        Container live = live("stop");
        if (!live.killIfRunning(Signal.TERM.number())) {
            return waitFor(Waiting.FOR_EVER);
        }
        try {
            return waitFor(grace);
        } catch (StateException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            live.killIfRunning(Signal.KILL.number());
            return waitFor(Waiting.FOR_EVER);
        }
    }

    @Override
    String logs() {
        if (container == null && output != null) {
            return output.text(); // of what has run to its end
        }
        live("logs of");
        return output == null ? "" : output.text();
    }

    @Override
    OutputSearch search(String operation, Pattern pattern) {
        live("wait for");
        if (output == null) {
            throw new StateException(
                    operation + ": nobody listens to what it writes",
                    "`log` needs `args`, no terminal, and a container that is not kept");
        }
        return output.search(pattern);
    }

    @Override
    int port(int port) {
        return session().containers().ports(live("port of")).of(port);
    }

    @Override
    void shell(String... command) {
        terminals.shell(live("shell in"), command);
    }

    @Override
    void attach() {
        live("attach to");
        terminals.attach();
    }

    @Override
    void onExit(Consumer<? super Integer> listener) {
        requireLive();
        listeners.onExit(container, listener);
    }

    @Override
    void onOom(Runnable listener) {
        requireLive();
        listeners.onOom(container, listener);
    }

    @Override
    void listen(Consumer<? super ContainerEvent> listener) {
        requireLive();
        listeners.listen(container, listener);
    }

    @Override
    ExecRequest request(String method, Map<String, ?> options, String... command) {
        Container live = live("exec in");
        return ExecRequest.of(method, live.processFor(List.of(command)), options, session(), live);
    }
}
