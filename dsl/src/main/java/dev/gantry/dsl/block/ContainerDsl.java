package dev.gantry.dsl.block;

import dev.gantry.dsl.source.Span;
import dev.gantry.dsl.word.Block;
import dev.gantry.dsl.word.Keyword;
import dev.gantry.error.ContainerException;
import dev.gantry.error.Problems;
import dev.gantry.oci.Capabilities;
import dev.gantry.oci.Linux;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.Process;
import dev.gantry.oci.Root;
import dev.gantry.oci.rules.OciValidator;
import dev.gantry.plan.GantryAnnotations;
import dev.gantry.value.Definition;
import groovy.lang.Closure;
import groovy.lang.DelegatesTo;
import groovy.transform.NamedParam;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The block of {@code container('id') { }}: one container, under the names of the OCI runtime specification. */
@Block("container")
public final class ContainerDsl extends PropertiesDsl {
    private static final String IDLE = "gantry-idle"; // stands in for the program that Gantry is itself
    private static final int MAX_PORT = 65_535;
    private static final int MAX_HOSTNAME = 64; // __NEW_UTS_LEN

    private final String id;
    private final SeccompDsl seccompBlock;
    private final LandlockDsl landlockBlock;
    private final HooksDsl hooksBlock;
    private OciConfig.Builder config;
    private Linux.Builder linux;
    private ProcessDsl processBlock;
    private MountsDsl mountsBlock;
    private NamespacesDsl namespacesBlock;
    private ResourcesDsl resourcesBlock;
    private boolean bare;
    private boolean hasProcess;
    private boolean hasResources;
    private Rootfs files = Rootfs.host();
    private boolean readonlyFiles;
    private boolean readonlyUsually;

    ContainerDsl(String id, Recorder recorder) {
        super(recorder);
        this.id = id;
        this.seccompBlock = new SeccompDsl(recorder);
        this.landlockBlock = new LandlockDsl(recorder);
        this.hooksBlock = new HooksDsl(recorder);
        begin(Baseline.config());
    }

    private void begin(OciConfig baseline) {
        Recorder recorder = recorder();
        this.config = baseline.toBuilder();
        this.linux = baseline.linux().toBuilder();
        this.processBlock = new ProcessDsl(recorder, baseline.process());
        this.mountsBlock = new MountsDsl(recorder, baseline.mounts());
        this.namespacesBlock = new NamespacesDsl(recorder, baseline.linux().namespaces());
        this.resourcesBlock = new ResourcesDsl(recorder, baseline.linux().resources());
    }

    /**
     * Sets the rootfs: {@link #host()}, {@link #dir}, {@link #image} or {@link #empty()}. A directory is read-only,
     * others are not.
     */
    @Keyword(
            value = "Says what the container's files are; host() if it is not said.",
            example = "rootfs host()",
            byDefault = "`host()`, writable")
    public void rootfs(Rootfs source) {
        rootfs(Map.of(), source);
    }

    /** Sets the rootfs and whether the container may write to it. */
    public void rootfs(@NamedParam("readonly") Map<String, ?> options, Rootfs source) {
        if (takesOnce("rootfs", source)) {
            files = source;
            readonlyFiles = Options.of(this, "rootfs", options)
                    .flag("readonly", readonlyUsually || source.kind() == Rootfs.Kind.DIRECTORY);
            place("root");
        }
    }

    /**
     * Returns a copy-on-write view of this machine: nothing that the container writes reaches the machine, and no
     * socket or fifo of the machine leads anywhere. {@code /run} is empty; {@code docs/annotations.md} says what else
     * is left out.
     */
    @Keyword(value = "A copy-on-write view of this machine, for rootfs.", example = "rootfs host()")
    public Rootfs host() {
        return Rootfs.host();
    }

    /** Returns a directory of this machine; a relative path counts from the script's directory. */
    @Keyword(value = "A directory of this machine, for rootfs.", example = "rootfs dir('alpine')")
    public Rootfs dir(String path) {
        return takes("dir", path) ? Rootfs.directory(recorder().resolve(path)) : Rootfs.empty();
    }

    /**
     * Returns the files of an image: {@code oci:DIRECTORY[:TAG]}, {@code oci-archive:FILE[:TAG]},
     * {@code docker-archive:FILE[:NAME]}, where a relative path counts from the script's directory, or a name of
     * {@code gantry images}. What the container writes goes to memory. The image says the program, the variables, the
     * user and the working directory, each unless {@code process} does.
     */
    @Keyword(value = "The files of an image, for rootfs, and what it runs.", example = "rootfs image('oci:layout:tag')")
    public Rootfs image(String name) {
        try {
            return takes("image", name) ? Rootfs.image(name, recorder().resolve(".")) : Rootfs.empty();
        } catch (ContainerException e) {
            mistake(Span.of("image", name), "container: " + e.line());
            return Rootfs.empty();
        }
    }

    /** Returns an empty root in memory, in which a container of its own accord can only wait. */
    @Keyword(value = "An empty root in memory, for rootfs.", example = "rootfs empty()")
    public Rootfs empty() {
        return Rootfs.empty();
    }

    @Keyword(
            value = "Sets the hostname; the container's id if it is not said.",
            example = "hostname 'box'",
            byDefault = "the container's id")
    public void hostname(String name) {
        if (takesOnce("hostname", name)) {
            config.hostname(name);
            place("hostname");
        }
    }

    /** Leads a port of 127.0.0.1, which {@code port} of the container tells, to each of these TCP ports in it. */
    @Keyword(
            value = "Leads a port of this machine to a TCP port in the container, whatever its network is;"
                    + " box.port(8080) tells which. address is 127.0.0.1 if it is not said.",
            example = "publish 8080, to: 18080")
    public void publish(int... ports) {
        for (int port : ports) {
            publish(Map.of(), port);
        }
    }

    /** Does the same with the port of this machine, and an IPv4 address of it. */
    public void publish(@NamedParam("to") @NamedParam("address") Map<String, ?> options, int port) {
        Options given = Options.of(this, "publish", options);
        String address = given.text("address").orElse(PublishedPort.LOOPBACK);
        if (port < 1 || port > MAX_PORT) {
            wrong("publish", Integer.toString(port), "must be a port from 1 to %d, not `%d`".formatted(MAX_PORT, port));
        } else if (!PublishedPort.isAddress(address)) {
            wrong("publish", address, "needs an IPv4 address such as '0.0.0.0', not `%s`".formatted(address));
        } else {
            int hostPort = given.number("to", 1, MAX_PORT).orElse(0L).intValue();
            annotationEntries()
                    .merge(
                            GantryAnnotations.PUBLISH,
                            new PublishedPort(address, hostPort, port).text(),
                            (before, added) -> before + "," + added);
            place("annotations." + GantryAnnotations.PUBLISH);
        }
    }

    @Keyword(value = "Sets the NIS domain name.", example = "domainname 'example.org'")
    public void domainname(String name) {
        if (takesOnce("domainname", name)) {
            config.domainname(name);
            place("domainname");
        }
    }

    @Keyword(
            value = "Describes the first process; without args it is Gantry's own, which waits.",
            example = "process { args 'sleep', 'infinity' }")
    public void process(@DelegatesTo(value = ProcessDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> body) {
        hasProcess = true;
        Bodies.configure(processBlock, body);
    }

    /** Does the same for callers in Java. */
    public void process(Consumer<? super ProcessDsl> body) {
        hasProcess = true;
        body.accept(processBlock);
    }

    @Keyword(value = "Adds mounts to the usual ones.", example = "mounts { bind '.', to: '/src' }")
    public void mounts(@DelegatesTo(value = MountsDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> body) {
        Bodies.configure(mountsBlock, body);
    }

    /** Does the same for callers in Java. */
    public void mounts(Consumer<? super MountsDsl> body) {
        body.accept(mountsBlock);
    }

    @Keyword(value = "Says which namespaces are the container's own.", example = "namespaces { network 'host' }")
    public void namespaces(
            @DelegatesTo(value = NamespacesDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> body) {
        Bodies.configure(namespacesBlock, body);
    }

    /** Does the same for callers in Java. */
    public void namespaces(Consumer<? super NamespacesDsl> body) {
        body.accept(namespacesBlock);
    }

    @Keyword(value = "Limits what the container uses.", example = "resources { memory 256.MiB; cpus 1.5 }")
    public void resources(@DelegatesTo(value = ResourcesDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> body) {
        hasResources = true;
        Bodies.configure(resourcesBlock, body);
    }

    /** Does the same for callers in Java. */
    public void resources(Consumer<? super ResourcesDsl> body) {
        hasResources = true;
        body.accept(resourcesBlock);
    }

    @Keyword(value = "Says which system calls can be made.", example = "seccomp { profile 'default'; deny 'ptrace' }")
    public void seccomp(@DelegatesTo(value = SeccompDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> body) {
        place("linux.seccomp");
        Bodies.configure(seccompBlock, body);
    }

    /** Does the same for callers in Java. */
    public void seccomp(Consumer<? super SeccompDsl> body) {
        body.accept(seccompBlock);
    }

    @Keyword(
            value = "Says which files and ports can be used; what no line allows is forbidden.",
            example = "landlock { exec '/usr'; write '/tmp', '/dev/null' }")
    public void landlock(@DelegatesTo(value = LandlockDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> body) {
        Bodies.configure(landlockBlock, body);
    }

    /** Does the same for callers in Java. */
    public void landlock(Consumer<? super LandlockDsl> body) {
        body.accept(landlockBlock);
    }

    @Keyword(
            value = "Says what runs at the points of the container's life.",
            example = "hooks { poststop '/usr/bin/logger', 'gone' }")
    public void hooks(@DelegatesTo(value = HooksDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> body) {
        Bodies.configure(hooksBlock, body);
    }

    /** Does the same for callers in Java. */
    public void hooks(Consumer<? super HooksDsl> body) {
        body.accept(hooksBlock);
    }

    /**
     * Says many things at once; what is said later outweighs it. {@code 'hardened'}: no capabilities, the default
     * seccomp profile, a read-only root, no network, 256 processes. {@code 'ci'}: the default seccomp profile, CI=true,
     * 4096 processes, first to be killed when memory is short. {@code 'none'}, said first: not even what is usual.
     */
    @Keyword(value = "Says many things at once: 'hardened', 'ci' or 'none'.", example = "preset 'hardened'")
    public void preset(String name) {
        if (!takes("preset", name)) {
            return;
        }
        switch (name) {
            case "hardened" -> Preset.hardened(this);
            case "ci" -> Preset.ci(this);
            case "none" -> nothing();
            default -> wrong("preset", name, "must be 'hardened', 'ci' or 'none', not `%s`".formatted(name));
        }
    }

    private void nothing() {
        if (bare || !isUntouched()) {
            wrong("preset", "none", "'none' must be the first word of the definition");
            return;
        }
        bare = true;
        begin(Baseline.none());
    }

    /** Joins namespaces by their paths, unless the definition says otherwise. */
    void join(Map<NamespaceType, String> shared) {
        shared.forEach(namespacesBlock::join);
    }

    /** Lets everything that may be said once be said again. */
    void forgetAll() {
        for (DslSupport block : List.of(
                this, processBlock, mountsBlock, namespacesBlock, resourcesBlock, seccompBlock, landlockBlock)) {
            block.forget();
        }
    }

    /** Makes the root read-only unless {@code rootfs} says otherwise. */
    void readonlyRoot() {
        readonlyUsually = true;
        readonlyFiles = true;
    }

    @Keyword(value = "Places the container's cgroup.", example = "cgroupsPath '/ci/box'")
    public void cgroupsPath(String path) {
        if (takesOnce("cgroupsPath", path)) {
            linux.cgroupsPath(path);
            place("linux.cgroupsPath");
        }
    }

    /** Replaces the list of paths that the container cannot read; none are masked if none are given. */
    @Keyword(value = "Replaces the list of paths that cannot be read.", example = "maskedPaths '/proc/kcore'")
    public void maskedPaths(String... paths) {
        if (takesOnce("maskedPaths", (Object[]) paths)) {
            linux.maskedPaths(List.of(paths));
            place("linux.maskedPaths");
        }
    }

    /** Replaces the list of paths that the container cannot write; none are read-only if none are given. */
    @Keyword(value = "Replaces the list of paths that cannot be written.", example = "readonlyPaths '/proc/sys'")
    public void readonlyPaths(String... paths) {
        if (takesOnce("readonlyPaths", (Object[]) paths)) {
            linux.readonlyPaths(List.of(paths));
            place("linux.readonlyPaths");
        }
    }

    /** Returns the config; what is wrong with it as a whole is recorded. */
    OciConfig build() {
        files.fill(processBlock, annotationEntries());
        Process process = processBlock.build();
        boolean hasFiles = !bare || placeOf("rootfs").isPresent();
        (hasFiles ? files.annotation() : Optional.<String>empty())
                .ifPresent(kind -> annotationEntries().put(GantryAnnotations.ROOTFS, kind));
        if (process.args().isEmpty() && !bare) {
            annotationEntries().put(GantryAnnotations.INIT, GantryAnnotations.IDLE);
            process = process.toBuilder().args(List.of(IDLE)).build();
        }
        if (!bare) {
            names();
        }
        if (process.capabilities() != null) {
            seccompBlock.build(process.capabilities());
        } else {
            seccompBlock.build(Capabilities.builder().build());
        }
        landlockBlock.text().ifPresent(text -> annotationEntries().put(GantryAnnotations.LANDLOCK, text));
        namespacesBlock.build(linux);
        OciConfig built = config.root(hasFiles ? new Root(files.path(), readonlyFiles) : null)
                .process(bare && !hasProcess ? null : process)
                .mounts(mountsBlock.build())
                .annotations(annotationEntries())
                .linux(linux.sysctl(sysctlEntries())
                        .resources(bare && !hasResources ? null : resourcesBlock.build())
                        .build())
                .build();
        Problems problems = new Problems();
        built = recorder().additions().applyTo(built, problems);
        if (problems.isEmpty()) {
            problems.addAll(OciValidator.validate(built));
        }
        recorder().mistakes(problems.errors());
        return built;
    }

    /** Returns a definition with the hooks that are closures. */
    Definition attachTo(Definition definition) {
        Definition attached = definition;
        for (HooksDsl.Attached hook : hooksBlock.callbacks()) {
            attached = attached.callingAt(hook.point(), hook.callback());
        }
        return attached;
    }

    private void names() {
        if (placeOf("hostname").isEmpty() && namespacesBlock.ownsHostname() && id.length() <= MAX_HOSTNAME) {
            config.hostname(id);
        }
        for (String keyword : List.of("hostname", "domainname")) {
            placeOf(keyword).filter(place -> namespacesBlock.sharesHostname()).ifPresent(place -> {
                String text = "container: `%s` would be that of the machine; hint: leave out `uts 'host'`";
                recorder().mistake(place, Span.of(keyword), text.formatted(keyword));
                config.hostname(null).domainname(null);
            });
        }
    }
}
