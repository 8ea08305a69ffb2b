package dev.gantry.dsl;

import dev.gantry.oci.Linux;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.OciValidator;
import dev.gantry.oci.Process;
import dev.gantry.oci.Root;
import dev.gantry.plan.GantryAnnotations;
import groovy.lang.Closure;
import groovy.lang.DelegatesTo;
import groovy.transform.NamedParam;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The block of {@code container('id') { }}: one container, under the names of the OCI runtime specification. */
public final class ContainerDsl extends DslSupport {
    private static final String IDLE = "gantry-idle"; // stands in for the program that Gantry is itself
    private static final int MAX_HOSTNAME = 64; // __NEW_UTS_LEN

    private final String id;
    private final OciConfig.Builder config;
    private final Linux.Builder linux;
    private final ProcessDsl processBlock;
    private final MountsDsl mountsBlock;
    private final NamespacesDsl namespacesBlock;
    private final ResourcesDsl resourcesBlock;
    private final Map<String, String> annotationEntries = new LinkedHashMap<>();
    private final Map<String, String> sysctlEntries = new LinkedHashMap<>();
    private Rootfs files = Rootfs.host();
    private boolean readonlyFiles;

    ContainerDsl(String id, Recorder recorder) {
        super(recorder);
        OciConfig baseline = Baseline.config();
        this.id = id;
        this.config = baseline.toBuilder();
        this.linux = baseline.linux().toBuilder();
        this.processBlock = new ProcessDsl(recorder, baseline.process());
        this.mountsBlock = new MountsDsl(recorder, baseline.mounts());
        this.namespacesBlock = new NamespacesDsl(recorder, baseline.linux().namespaces());
        this.resourcesBlock = new ResourcesDsl(recorder, baseline.linux().resources());
    }

    /** Sets the rootfs: {@link #host()}, {@link #dir} or {@link #empty()}. A directory is read-only, others are not. */
    @Keyword(value = "Says what the container's files are; host() if it is not said.", example = "rootfs host()")
    public void rootfs(Rootfs source) {
        rootfs(Map.of(), source);
    }

    /** Sets the rootfs and whether the container may write to it. */
    public void rootfs(@NamedParam("readonly") Map<String, ?> options, Rootfs source) {
        if (takesOnce("rootfs", source)) {
            files = source;
            readonlyFiles =
                    Options.of(this, "rootfs", options).flag("readonly", source.kind() == Rootfs.Kind.DIRECTORY);
            place("root");
        }
    }

    /** Returns a copy-on-write view of this machine: nothing that the container writes reaches the machine. */
    @Keyword(value = "A copy-on-write view of this machine, for rootfs.", example = "rootfs host()")
    public Rootfs host() {
        return Rootfs.host();
    }

    /** Returns a directory of this machine; a relative path counts from the script's directory. */
    @Keyword(value = "A directory of this machine, for rootfs.", example = "rootfs dir('alpine')")
    public Rootfs dir(String path) {
        return takes("dir", path) ? Rootfs.directory(recorder().resolve(path)) : Rootfs.empty();
    }

    /** Returns an empty root in memory, in which a container of its own accord can only wait. */
    @Keyword(value = "An empty root in memory, for rootfs.", example = "rootfs empty()")
    public Rootfs empty() {
        return Rootfs.empty();
    }

    @Keyword(value = "Sets the hostname; the container's id if it is not said.", example = "hostname 'box'")
    public void hostname(String name) {
        if (takesOnce("hostname", name)) {
            config.hostname(name);
            place("hostname");
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
        configure(processBlock, body);
    }

    /** Does the same for callers in Java. */
    public void process(Consumer<? super ProcessDsl> body) {
        body.accept(processBlock);
    }

    @Keyword(value = "Adds mounts to the usual ones.", example = "mounts { bind '.', to: '/src' }")
    public void mounts(@DelegatesTo(value = MountsDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> body) {
        configure(mountsBlock, body);
    }

    /** Does the same for callers in Java. */
    public void mounts(Consumer<? super MountsDsl> body) {
        body.accept(mountsBlock);
    }

    @Keyword(value = "Says which namespaces are the container's own.", example = "namespaces { network 'host' }")
    public void namespaces(
            @DelegatesTo(value = NamespacesDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> body) {
        configure(namespacesBlock, body);
    }

    /** Does the same for callers in Java. */
    public void namespaces(Consumer<? super NamespacesDsl> body) {
        body.accept(namespacesBlock);
    }

    @Keyword(value = "Limits what the container uses.", example = "resources { memory 256.MiB; cpus 1.5 }")
    public void resources(@DelegatesTo(value = ResourcesDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> body) {
        configure(resourcesBlock, body);
    }

    /** Does the same for callers in Java. */
    public void resources(Consumer<? super ResourcesDsl> body) {
        body.accept(resourcesBlock);
    }

    @Keyword(value = "Adds annotations.", example = "annotations 'org.example.team': 'ci'")
    public void annotations(Map<?, ?> entries) {
        put("annotations", "annotations", entries, annotationEntries);
    }

    @Keyword(
            value = "Sets kernel parameters of the container's namespaces.",
            example = "sysctl 'net.core.somaxconn': 512")
    public void sysctl(Map<?, ?> entries) {
        put("sysctl", "linux.sysctl", entries, sysctlEntries);
    }

    private void put(String keyword, String ociPath, Map<?, ?> entries, Map<String, String> target) {
        entries.forEach((name, value) -> {
            if (takes(keyword, value)) {
                target.put(name.toString(), value.toString());
                place(ociPath);
                place("%s.%s".formatted(ociPath, name));
            }
        });
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
        Process process = processBlock.build();
        files.annotation().ifPresent(kind -> annotationEntries.put(GantryAnnotations.ROOTFS, kind));
        if (process.args().isEmpty()) {
            annotationEntries.put(GantryAnnotations.INIT, GantryAnnotations.IDLE);
            process = process.toBuilder().args(List.of(IDLE)).build();
        }
        names();
        namespacesBlock.build(linux);
        OciConfig built = config.root(new Root(files.path(), readonlyFiles))
                .process(process)
                .mounts(mountsBlock.build())
                .annotations(annotationEntries)
                .linux(linux.sysctl(sysctlEntries)
                        .resources(resourcesBlock.build())
                        .build())
                .build();
        recorder().mistakes(OciValidator.validate(built).errors());
        return built;
    }

    private void names() {
        if (said("hostname").isEmpty() && namespacesBlock.ownsHostname() && id.length() <= MAX_HOSTNAME) {
            config.hostname(id);
        }
        for (String keyword : List.of("hostname", "domainname")) {
            said(keyword).filter(place -> namespacesBlock.sharesHostname()).ifPresent(place -> {
                String text = "container: `%s` would be that of the machine; hint: leave out `uts 'host'`";
                recorder().mistake(place, keyword, text.formatted(keyword));
                config.hostname(null).domainname(null);
            });
        }
    }
}
