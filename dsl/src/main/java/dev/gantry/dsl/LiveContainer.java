package dev.gantry.dsl;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.StateException;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.OciConfig;
import dev.gantry.plan.GantryAnnotations;
import dev.gantry.plan.LaunchPlan;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.ContainerState;
import dev.gantry.runtime.Definition;
import dev.gantry.runtime.ExecResult;
import groovy.transform.NamedParam;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A container in the hands of a script: first a definition, then a container that can be driven, and after
 * {@code delete()} a definition again.
 *
 * <p>Methods named {@code get...} are what scripts read as properties: {@code box.pid}. Not thread-safe.
 */
public final class LiveContainer {
    private final ScriptSession session;
    private final String id;
    private final Definition definition;
    private Container container;

    LiveContainer(ScriptSession session, String id, Definition definition) {
        this.session = session;
        this.id = id;
        this.definition = definition;
    }

    /** Makes the container; its first process waits for {@link #start}. Its output is the script's. */
    @Keyword(value = "Makes the container, which then waits for start().", example = "box.create()")
    public LiveContainer create() {
        make("create", false);
        return this;
    }

    /** Starts the container, and makes it first if that has not been done. Its output is the script's. */
    @Keyword(value = "Makes the container if need be, and starts it.", example = "box.start()")
    public LiveContainer start() {
        if (container == null) {
            make("start", true);
        } else {
            container.start();
        }
        return this;
    }

    /**
     * Makes the container, starts it, waits for its end and deletes it. Its output is the script's as it comes; use
     * {@link #exec} to have it as text.
     *
     * @return the exit status, or 128 plus the signal
     */
    @Keyword(value = "Runs the container to its end and returns the exit status.", example = "int status = box.run()")
    public int run() {
        session.requireLive();
        if (GantryAnnotations.IDLE.equals(definition.config().annotations().get(GantryAnnotations.INIT))) {
            throw new ContainerException(
                    ErrorKind.CONFIG,
                    "run `%s`: without `args` it would wait for ever".formatted(id),
                    "write `process { args ... }`, or use `start()`",
                    null);
        }
        make("run", true);
        try {
            return waitFor();
        } finally {
            delete(Map.of("force", true));
        }
    }

    /**
     * Runs a program in the container to its end and collects its output.
     *
     * @throws ContainerException if it cannot be executed; a bad exit status is for {@link ExecResult#check}
     */
    @Keyword(value = "Runs a program in the container.", example = "box.exec('id', '-u').text")
    public ExecResult exec(String... command) {
        return exec(Map.of(), command);
    }

    /** Does the same elsewhere, with more environment variables, or as another user: a uid or {@code 'uid:gid'}. */
    public ExecResult exec(
            @NamedParam("cwd") @NamedParam("env") @NamedParam("user") Map<String, ?> options, String... command) {
        Container live = live("exec in");
        if (Arrays.asList(command).contains(null)) {
            throw new ContainerException(ErrorKind.CONFIG, "exec in `%s`: an argument is null".formatted(id));
        }
        ExecResult result = live.exec(ExecRequest.of(live.processFor(List.of(command)), options));
        session.containers().requireOpen(); // or a script that is being ended would go on with what the end has done
        return result;
    }

    /** Sends a signal to the first process: {@code kill('HUP')}. */
    @Keyword(value = "Sends a signal to the first process.", example = "box.kill('TERM')")
    public void kill(String signal) {
        Container live = live("kill");
        try {
            live.kill(Signal.parse(signal));
        } catch (IllegalArgumentException e) {
            throw new ContainerException(
                    ErrorKind.CONFIG, "kill `%s`: no signal is called `%s`".formatted(id, signal), e);
        }
    }

    /** Sends a signal by its number. */
    public void kill(int signal) {
        live("kill").kill(signal);
    }

    /** Asks the first process to end, by SIGTERM. */
    public void kill() {
        kill("TERM");
    }

    /** Waits for the first process to end and returns its exit status, or 128 plus the signal. */
    @Keyword(value = "Waits for the end and returns the exit status.", example = "int status = box.waitFor()")
    public int waitFor() {
        return shell(live("wait for").waitFor());
    }

    /**
     * Does the same, but not for ever.
     *
     * @throws StateException if it has not ended by then
     */
    public int waitFor(Duration limit) {
        try {
            return shell(live("wait for").exit().get(limit.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            throw new StateException("wait for `%s`: it has not ended in time".formatted(id));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StateException("wait for `%s`: interrupted".formatted(id));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Does the same with a text such as {@code '2s'}. */
    public int waitFor(String limit) {
        return waitFor(TimeSpan.parse(limit));
    }

    private int shell(Optional<ExitStatus> status) {
        session.containers().requireOpen();
        return status.orElseThrow().shell(); // empty only for processes that another JVM launched
    }

    /** Deletes the container, which must have stopped. */
    @Keyword(value = "Deletes the container.", example = "box.delete(force: true)")
    public void delete() {
        delete(Map.of());
    }

    /** Deletes the container; with {@code force: true} it is killed first if it runs. */
    public void delete(@NamedParam("force") Map<String, ?> options) {
        boolean force = ExecRequest.options("delete", options).flag("force", false);
        session.containers().delete(live("delete"), force);
        container = null;
    }

    public String getId() {
        return id;
    }

    /** Returns {@code creating}, {@code created}, {@code running}, {@code stopped}, or {@code defined} if not made. */
    public String getStatus() {
        return container == null ? "defined" : container.status().ociName();
    }

    /** Returns what is recorded about the container. */
    public ContainerState getState() {
        return live("state of").state();
    }

    /** Returns the pid of the first process as this machine sees it. */
    public int getPid() {
        return getState().pid();
    }

    /** Returns the config that the definition has become. */
    public OciConfig getConfig() {
        return definition.config();
    }

    /** Returns the plan by which the container was launched. */
    public LaunchPlan getPlan() {
        return live("plan of").plan();
    }

    Definition definition() {
        return definition;
    }

    private Container live(String operation) {
        session.requireLive();
        if (container == null) {
            throw new StateException("%s `%s`: it has not been made".formatted(operation, id), "call `start()` first");
        }
        return container;
    }

    private void make(String operation, boolean start) {
        session.requireLive();
        if (container != null) {
            throw new StateException("%s `%s`: it has been made already".formatted(operation, id));
        }
        if (definition.config().process().isTerminal()) {
            throw new ContainerException(
                    ErrorKind.UNSUPPORTED,
                    "%s `%s`: a script has no terminal to give".formatted(operation, id),
                    "leave `terminal` out",
                    null);
        }
        session.out().flush(); // what the script printed comes before what the container prints
        container = session.make(id, definition, start);
    }

    @Override
    public String toString() {
        return "container `%s` (%s)".formatted(id, getStatus());
    }
}
