package dev.gantry.dsl.live;

import dev.gantry.dsl.block.Bodies;
import dev.gantry.dsl.block.DefinitionBuilder;
import dev.gantry.dsl.block.ResourcesDsl;
import dev.gantry.dsl.word.ByteSize;
import dev.gantry.dsl.word.Keyword;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.files.IoReason;
import dev.gantry.files.RawPath;
import dev.gantry.io.OutputSearch;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.Resources;
import dev.gantry.plan.LaunchPlan;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.Internals;
import dev.gantry.value.ContainerMount;
import dev.gantry.value.ContainerState;
import dev.gantry.value.Definition;
import dev.gantry.value.RunningProcess;
import groovy.lang.Closure;
import groovy.lang.DelegatesTo;
import groovy.transform.NamedParam;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * What a script can know of a container, and what it can change in one that has been made: files and limits. The
 * programs in it are {@link ContainerCommands}'s, and its life is {@link LiveContainer}'s.
 */
public abstract sealed class ContainerAccess permits ContainerCommands {
    private final ContainerLife life;

    ContainerAccess(ContainerLife life) {
        this.life = life;
    }

    /** Returns what has become of the definition. */
    final ContainerLife life() {
        return life;
    }

    /** Returns the container; null before it was made and after it was deleted. */
    final Container made() {
        return life.made();
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
        Path from = here(source, "copy into");
        try {
            live("copy into").root().copyIn(from, path);
        } catch (IOException e) {
            throw IoReason.failure("copy `%s` into `%s`".formatted(RawPath.text(from), getId()), e);
        }
    }

    /** Copies a file or a directory of the running container to this machine; holes of files stay holes. */
    @Keyword(
            value = "Copies a file or a directory out of the container, of at most so many bytes;"
                    + " an entry of a directory counts 4 KiB or more.",
            example = "box.copyOut('/src/app', 'app', limit: 100.MiB)")
    public void copyOut(String path, Object target) {
        copyOut(Map.of(), path, target);
    }

    /** Does the same with {@code limit:}, how many bytes it may be at most; more are an error. */
    public void copyOut(@NamedParam("limit") Map<String, ?> options, String path, Object target) {
        long limit = ExecRequest.options("copyOut", options, session())
                .size("limit")
                .map(ByteSize::bytes)
                .orElse(Long.MAX_VALUE);
        Path to = here(target, "copy out of");
        try {
            live("copy out of").root().copyOut(path, to, limit);
        } catch (IOException e) {
            throw IoReason.failure("copy to `%s`".formatted(RawPath.text(to)), e);
        }
    }

    private Path here(Object path, String operation) {
        if (path == null) {
            throw new ContainerException(ErrorKind.CONFIG, "%s `%s`: the path is null".formatted(operation, getId()));
        }
        return RawPath.of(session().source().resolve(path.toString()));
    }

    /** Changes limits; what is not said stays. */
    @Keyword(value = "Changes limits of the running container.", example = "box.update { memory 512.MiB }")
    public void update(@DelegatesTo(value = ResourcesDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> changes) {
        update(block -> Bodies.configure(block, changes));
    }

    /** Does the same for callers in Java. */
    public void update(Consumer<? super ResourcesDsl> changes) {
        Resources built = DefinitionBuilder.limits(session().source(), session().out(), changes);
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

    /**
     * Returns a port of this machine, on 127.0.0.1 unless {@code publish} has said more, whose connections are passed
     * on to a TCP port in the container as long as that is there.
     */
    @Keyword(
            value = "Returns the port of this machine that leads to a TCP port in the container.",
            example = "new URL(\"http://127.0.0.1:${box.port(8080)}/\").text")
    public int port(int port) {
        return life.port(port);
    }

    List<Integer> ports() {
        return live("ports of").root().listeningPorts();
    }

    /** Searches what the first process writes; see {@link ContainerLife#search}. */
    final OutputSearch search(String operation, Pattern pattern) {
        return life.search(operation, pattern);
    }

    /** Returns how the first process has ended; empty if it runs, or only another process knows it. */
    final Optional<ExitStatus> exit() {
        return Optional.ofNullable(made()).flatMap(Container::exitStatus);
    }

    /** Returns the name that the script has given the container. */
    public String getId() {
        return life.id();
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
        return definition().config();
    }

    /** Returns the plan by which the container was launched. */
    public LaunchPlan getPlan() {
        return Internals.plan(live("plan of"));
    }

    final Definition definition() {
        return life.definition();
    }

    final Container live(String operation) {
        return life.live(operation);
    }

    final Session session() {
        return life.session();
    }
}
