package dev.gantry.dsl;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.StateException;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.Resources;
import dev.gantry.plan.LaunchPlan;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.ContainerMount;
import dev.gantry.runtime.ContainerState;
import dev.gantry.runtime.Definition;
import dev.gantry.runtime.RunningProcess;
import groovy.lang.Closure;
import groovy.lang.DelegatesTo;
import groovy.transform.NamedParam;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a script can know of a container, and what it can do in one that has been made: run programs, reach files, change
 * limits. The life of the container is {@link LiveContainer}'s.
 */
public abstract sealed class ContainerAccess permits LiveContainer {
    private final ScriptSession session;
    private final String id;
    private final Definition definition;

    ContainerAccess(ScriptSession session, String id, Definition definition) {
        this.session = session;
        this.id = id;
        this.definition = definition;
    }

    /** Returns the container; null before it was made and after it was deleted. */
    abstract Container made();

    /**
     * Runs a program in the container to its end and collects its output.
     *
     * @throws ContainerException if it cannot be executed; a bad exit status is for {@link CommandResult#check}
     */
    @Keyword(value = "Runs a program in the container.", example = "box.exec('id', '-u').text")
    public CommandResult exec(String program, String... arguments) {
        return exec(Map.of(), words(program, arguments));
    }

    /**
     * Does the same in another directory, with more environment variables, as another user (a uid or {@code 'uid:gid'}),
     * with something to read (text, a file, bytes, a stream), for a limited time, at a terminal, or shown as it comes.
     */
    public CommandResult exec(
            @NamedParam("cwd")
                    @NamedParam("env")
                    @NamedParam("user")
                    @NamedParam("stdin")
                    @NamedParam("timeout")
                    @NamedParam("tty")
                    @NamedParam("tee")
                    Map<String, ?> options,
            String... command) {
        try (ExecRequest request = request("exec", options, command)) {
            session.requireLive();
            CommandResult result =
                    new CommandResult(made().exec(request.process(), request.options()), session.events());
            session.containers()
                    .requireOpen(); // or a script that is being ended would go on with what the end has done
            return result;
        }
    }

    /** Runs a shell's script in the container, shows what it writes as it comes, and fails if it does. */
    @Keyword(value = "Runs a shell's script, shows its output, and fails if it does.", example = "box.sh('make test')")
    public CommandResult sh(String script) {
        return exec(Map.of("tee", true), "sh", "-c", script).check();
    }

    /** Starts a program in the container and does not wait for it; options as for {@link #exec}. */
    @Keyword(value = "Starts a program in the container.", example = "def server = box.spawn('nc', '-l', '-p', '80')")
    public LiveProcess spawn(String program, String... arguments) {
        return spawn(Map.of(), words(program, arguments));
    }

    /** Does the same with the options of {@link #exec}. */
    public LiveProcess spawn(@OptionsOf("exec") Map<String, ?> options, String... command) {
        ExecRequest request = request("spawn", options, command);
        session.requireLive();
        return LiveProcess.of(made().begin(request.process(), request.options()), session.events());
    }

    /** Returns a command that has not begun, for {@code |}: what {@code exec} becomes there. */
    @Keyword(value = "Returns a command for pipes.", example = "(box.command('ls') | box.command('wc')).run()")
    public LiveCommand command(String program, String... arguments) {
        return command(Map.of(), words(program, arguments));
    }

    /** Does the same with the options of {@link #exec}. */
    public LiveCommand command(@OptionsOf("exec") Map<String, ?> options, String... command) {
        ExecRequest request = request("command", options, command);
        return LiveCommand.of(session, made(), request.process(), request.options());
    }

    /**
     * Puts a command line together. Its first word is apart from the others because the type checker would take named
     * options for the first of any number of words, depending on the JDK.
     */
    private static String[] words(String program, String... arguments) {
        return Stream.concat(Stream.of(program), Arrays.stream(arguments)).toArray(String[]::new);
    }

    private ExecRequest request(String method, Map<String, ?> options, String... command) {
        if (Arrays.asList(command).contains(null)) {
            throw new ContainerException(ErrorKind.CONFIG, "exec in `%s`: an argument is null".formatted(id));
        }
        if (session.isRehearsed()) {
            return ExecRequest.of(method, definition.config().process(), options, session);
        }
        return ExecRequest.of(method, live("exec in").processFor(List.of(command)), options, session);
    }

    /** Returns the files of the running container; no program in it is needed. */
    public ContainerFiles getFs() {
        return new ContainerFiles(live("files of").root());
    }

    /** Copies a file or a directory of this machine into the running container. */
    @Keyword(
            value = "Copies a file or a directory into the container.",
            example = "box.copyIn('Makefile', '/src/Makefile')")
    public void copyIn(Object source, String path) {
        Path from = Path.of(session.source().resolve(source.toString()));
        try {
            live("copy into").root().copyIn(from, path);
        } catch (IOException e) {
            throw new ContainerException(ErrorKind.IO, "copy `%s` into `%s`: %s".formatted(from, id, reason(e)), e);
        }
    }

    /** Copies a file or a directory of the running container to this machine. */
    @Keyword(value = "Copies a file or a directory out of the container.", example = "box.copyOut('/src/app', 'app')")
    public void copyOut(String path, Object target) {
        Path to = Path.of(session.source().resolve(target.toString()));
        try {
            live("copy out of").root().copyOut(path, to);
        } catch (IOException e) {
            throw new ContainerException(ErrorKind.IO, "copy to `%s`: %s".formatted(to, reason(e)), e);
        }
    }

    private static String reason(IOException e) {
        return e instanceof NoSuchFileException ? "no such file or directory (ENOENT)" : String.valueOf(e.getMessage());
    }

    /** Changes limits; what is not said stays. */
    @Keyword(value = "Changes limits of the running container.", example = "box.update { memory 512.MiB }")
    public void update(@DelegatesTo(value = ResourcesDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> changes) {
        update(block -> DslSupport.configure(block, changes));
    }

    /** Does the same for callers in Java. */
    public void update(Consumer<? super ResourcesDsl> changes) {
        Recorder recorder = new Recorder(session.source(), session.out());
        ResourcesDsl block = new ResourcesDsl(recorder, Resources.builder().build());
        changes.accept(block);
        Resources built = block.build();
        recorder.failure(null).ifPresent(mistakes -> {
            throw mistakes;
        });
        live("update").update(built);
    }

    /** Returns what the container has used so far: {@code box.stats.memory.usage}. */
    public ContainerStats getStats() {
        return ContainerStats.of(live("stats of").stats());
    }

    /** Returns the pids of all its processes as this machine sees them. */
    public List<Integer> getPs() {
        return live("processes of").processes();
    }

    /** Returns all its processes as they are now. */
    @Keyword(value = "Returns the processes in the container.", example = "println box.ps()*.command")
    public List<RunningProcess> ps() {
        return live("processes of").ps();
    }

    /** Returns the mounts as the container sees them. */
    public List<ContainerMount> getMounts() {
        return live("mounts of").mounts();
    }

    /** Returns the control files of its cgroup: {@code box.cgroup['memory.max'] = 256.MiB}. */
    public ContainerCgroup getCgroup() {
        return new ContainerCgroup(live("cgroup of").cgroupFiles());
    }

    List<Integer> ports() {
        return live("ports of").root().listeningPorts();
    }

    public String getId() {
        return id;
    }

    /** Returns {@code creating}, {@code created}, {@code running}, {@code stopped}, or {@code defined} if not made. */
    public String getStatus() {
        Container container = made();
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

    final Definition definition() {
        return definition;
    }

    final Container live(String operation) {
        session.requireLive();
        Container container = made();
        if (container == null) {
            throw new StateException("%s `%s`: it has not been made".formatted(operation, id), "call `start()` first");
        }
        return container;
    }

    final ScriptSession session() {
        return session;
    }
}
