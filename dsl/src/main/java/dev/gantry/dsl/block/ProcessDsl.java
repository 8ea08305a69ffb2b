package dev.gantry.dsl.block;

import dev.gantry.dsl.source.Span;
import dev.gantry.dsl.word.Block;
import dev.gantry.dsl.word.Keyword;
import dev.gantry.dsl.word.Wording;
import dev.gantry.error.Place;
import dev.gantry.files.RawPath;
import dev.gantry.files.WholeFile;
import dev.gantry.image.ImageConfig;
import dev.gantry.image.ImageRoot;
import dev.gantry.oci.Process;
import dev.gantry.oci.Rlimit;
import dev.gantry.oci.RlimitType;
import dev.gantry.oci.User;
import groovy.lang.Closure;
import groovy.lang.DelegatesTo;
import groovy.transform.NamedParam;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The block {@code process { }}: the container's first process, and what those added by {@code exec} start from. */
@Block("process")
public final class ProcessDsl extends DslSupport {
    static final long MAX_ID = (1L << 32) - 1;
    private static final long MAX_UMASK = 0777;
    private static final String UNLIMITED = "unlimited";
    private static final int MAX_ENV_BYTES = 1 << 20;

    private final Process.Builder builder;
    private final CapabilitiesDsl capabilitiesBlock;
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final Set<String> saidVariables = new HashSet<>();
    private final Map<String, Rlimit> limits = new LinkedHashMap<>();
    private final Map<String, Place> limitPlaces = new HashMap<>();
    private User owner;
    private boolean hasCapabilities;

    ProcessDsl(Recorder recorder, Process baseline) {
        super(recorder);
        this.builder = baseline.toBuilder();
        this.owner = baseline.user();
        this.hasCapabilities = baseline.capabilities() != null;
        this.capabilitiesBlock = new CapabilitiesDsl(recorder, hasCapabilities ? Baseline.CAPABILITIES : List.of());
        baseline.env().forEach(entry -> variables.put(entry.substring(0, entry.indexOf('=')), entry));
        baseline.rlimits().forEach(limit -> limits.put(limit.type(), limit));
    }

    @Keyword(
            value = "Sets the program and its arguments.",
            example = "args 'sleep', 'infinity'",
            byDefault = "the container idles until it is deleted")
    public void args(String... words) {
        args(Arrays.asList(words));
    }

    /** Does the same with a list. */
    public void args(List<String> words) {
        if (words.isEmpty()) {
            mistake(Span.of("args"), Wording.call(getClass(), "args", List.of()));
        } else if (takesOnce("args", words.toArray())) {
            builder.args(words.stream().map(CharSequence::toString).toList());
            place("process.args");
        }
    }

    /**
     * Adds environment variables; null takes one of the usual ones away. {@code file:} adds those of a file with lines
     * such as {@code NAME=value}, as they are; blank lines and those that begin with {@code #} are passed over.
     */
    @Keyword(
            value = "Adds environment variables; null takes one away, and `file:` adds those of a file, one a line.",
            example = "env CI: 'true'",
            byDefault = "`PATH` alone")
    public void env(Map<?, ?> entries) {
        entries.forEach((key, value) -> {
            String name = key.toString();
            if (name.equals("file") && value != null) {
                envFile(value.toString());
            } else if (name.isEmpty() || name.indexOf('=') >= 0) {
                wrong("env", name, "cannot set a variable named `%s`".formatted(name));
            } else if (value == null) {
                variables.remove(name);
                saidVariables.add(name);
            } else {
                set(name, value.toString());
            }
        });
    }

    private void set(String name, String value) {
        variables.put(name, name + "=" + value);
        saidVariables.add(name);
        place("process.env");
    }

    private void envFile(String file) {
        try {
            Path path = RawPath.of(recorder().resolve(file));
            if (Files.exists(path) && !Files.isRegularFile(path)) { // a pipe would be waited for
                wrong("env", file, "needs a regular file, which `%s` is not".formatted(file));
                return;
            }
            byte[] text = WholeFile.read(path, MAX_ENV_BYTES);
            int number = 0;
            for (String line : new String(text, StandardCharsets.UTF_8).lines().toList()) {
                number++;
                if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
                    String where = "%s:%d".formatted(file, number);
                    if (line.strip().indexOf('=') < 1) {
                        wrong("env", file, "needs lines such as `NAME=value`, which `%s` is not".formatted(where));
                    } else {
                        String name = line.substring(0, line.indexOf('=')).strip();
                        set(name, line.substring(line.indexOf('=') + 1));
                    }
                }
            }
        } catch (IOException e) {
            wrong("env", file, "cannot read `%s`".formatted(file));
        }
    }

    @Keyword(value = "Sets the working directory.", example = "cwd '/src'", byDefault = "`/`")
    public void cwd(String path) {
        if (takesOnce("cwd", path)) {
            if (!path.startsWith("/")) {
                wrong("cwd", path, "must be an absolute path, not `%s`".formatted(path));
            }
            builder.cwd(path.startsWith("/") ? path : "/");
            place("process.cwd");
        }
    }

    /** Sets the user by numbers; what is not said is 0. Names are not looked up. */
    @Keyword(
            value = "Sets the user and groups by number.",
            example = "user uid: 1000, gid: 1000",
            byDefault = "uid 0, gid 0")
    public void user(
            @NamedParam("uid") @NamedParam("gid") @NamedParam("groups") @NamedParam("umask") Map<String, ?> options) {
        if (takesOnce("user", options)) {
            Options given = Options.of(this, "user", options);
            owner = User.builder()
                    .uid(given.number("uid", 0, MAX_ID).orElse(0L))
                    .gid(given.number("gid", 0, MAX_ID).orElse(0L))
                    .umask(given.number("umask", 0, MAX_UMASK).orElse(null))
                    .additionalGids(given.numbers("groups", 0, MAX_ID))
                    .build();
            place("process.user");
        }
    }

    @Keyword(
            value = "Changes the capabilities, beginning with those of Docker.",
            example = "capabilities { drop 'ALL'; add 'NET_BIND_SERVICE' }",
            byDefault = "those that Docker gives")
    public void capabilities(
            @DelegatesTo(value = CapabilitiesDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> body) {
        place("process.capabilities");
        hasCapabilities = true; // also by an empty block: no capabilities are not the same as nothing said of them
        Bodies.configure(capabilitiesBlock, body);
    }

    /** Does the same for callers in Java. */
    public void capabilities(Consumer<? super CapabilitiesDsl> body) {
        hasCapabilities = true;
        body.accept(capabilitiesBlock);
    }

    /** Sets a resource limit: numbers, or {@code 'unlimited'}. */
    @Keyword(value = "Sets a resource limit, see setrlimit(2).", example = "rlimit 'NOFILE', soft: 1024, hard: 2048")
    public void rlimit(@NamedParam("soft") @NamedParam("hard") Map<String, ?> options, String name) {
        if (!takes("rlimit", name)) {
            return;
        }
        String type = prefixed("RLIMIT_", name);
        if (RlimitType.of(type).isEmpty()) {
            Set<String> known = new TreeSet<>();
            Arrays.stream(RlimitType.values()).forEach(value -> known.add(value.name()));
            wrong("rlimit", name, "knows no limit `%s`%s".formatted(name, Wording.meant(bare("RLIMIT_", name), known)));
            return;
        }
        Options given = Options.of(this, "rlimit", options);
        Optional<Long> soft = given.limit("soft", UNLIMITED);
        Optional<Long> hard = given.limit("hard", UNLIMITED);
        if (!options.containsKey("soft") || !options.containsKey("hard")) {
            wrong("rlimit", name, "needs both `soft:` and `hard:`");
        }
        if (soft.isPresent() && hard.isPresent()) {
            if (Long.compareUnsigned(soft.get(), hard.get()) > 0) {
                wrong("rlimit", name, "has a soft limit above the hard one");
                return;
            }
            limits.remove(type);
            limits.put(type, new Rlimit(type, hard.get(), soft.get()));
            limitPlaces.put(type, recorder().here());
        }
    }

    @Keyword(
            value = "Says whether execve can gain privileges; it cannot if it is not said.",
            example = "noNewPrivileges false",
            byDefault = "true")
    public void noNewPrivileges(boolean wanted) {
        if (takesOnce("noNewPrivileges")) {
            builder.noNewPrivileges(wanted);
            place("process.noNewPrivileges");
        }
    }

    @Keyword(value = "Gives the process a terminal.", example = "terminal true", byDefault = "false")
    public void terminal(boolean wanted) {
        if (takesOnce("terminal")) {
            builder.terminal(wanted);
            if (wanted) {
                variables.putIfAbsent("TERM", "TERM=xterm");
            }
            place("process.terminal");
        }
    }

    @Keyword(
            value = "Makes the kernel end the process earlier or later when memory is short.",
            example = "oomScoreAdj 500")
    public void oomScoreAdj(int score) {
        if (takesOnce("oomScoreAdj")) {
            builder.oomScoreAdj(score);
            place("process.oomScoreAdj");
        }
    }

    @Keyword(value = "Sets the size of the terminal.", example = "consoleSize height: 24, width: 80")
    public void consoleSize(@NamedParam("height") @NamedParam("width") Map<String, ?> size) {
        object("consoleSize", "process.consoleSize", size);
    }

    @Keyword(value = "Sets the AppArmor profile.", example = "apparmorProfile 'docker-default'")
    public void apparmorProfile(String name) {
        property("apparmorProfile", "process.apparmorProfile", name);
    }

    @Keyword(value = "Sets the SELinux label.", example = "selinuxLabel 'system_u:system_r:container_t:s0:c1,c2'")
    public void selinuxLabel(String label) {
        property("selinuxLabel", "process.selinuxLabel", label);
    }

    /** Sets the scheduler; see sched_setattr(2). */
    @Keyword(
            value = "Sets the scheduler's policy and its values.",
            example = "scheduler policy: 'SCHED_BATCH', nice: 5")
    public void scheduler(
            @NamedParam("policy")
                    @NamedParam("nice")
                    @NamedParam("priority")
                    @NamedParam("flags")
                    @NamedParam("runtime")
                    @NamedParam("deadline")
                    @NamedParam("period")
                    Map<String, ?> options) {
        object("scheduler", "process.scheduler", options);
    }

    /** Sets the I/O priority; see ioprio_set(2). */
    @Keyword(value = "Sets the I/O priority.", example = "ioPriority class: 'IOPRIO_CLASS_BE', priority: 4")
    public void ioPriority(@NamedParam("class") @NamedParam("priority") Map<String, ?> options) {
        object("ioPriority", "process.ioPriority", options);
    }

    @Keyword(
            value = "Chooses processors for exec, before and after it joins the cgroup.",
            example = "execCPUAffinity initial: '0', final: '0-1'")
    public void execCPUAffinity(@NamedParam("initial") @NamedParam("final") Map<String, ?> options) {
        object("execCPUAffinity", "process.execCPUAffinity", options);
    }

    /** Takes from an image what this block has not said. */
    void image(ImageRoot root) {
        ImageConfig config = root.image().config();
        if (placeOf("args").isEmpty() && !config.words().isEmpty()) {
            builder.args(config.words());
        }
        if (placeOf("cwd").isEmpty() && config.workingDir().startsWith("/")) {
            builder.cwd(config.workingDir());
        }
        if (placeOf("user").isEmpty()) {
            owner = root.user();
        }
        for (String entry : config.env()) {
            int equals = entry.indexOf('=');
            String name = equals < 0 ? entry : entry.substring(0, equals);
            if (equals > 0 && !saidVariables.contains(name)) {
                variables.put(name, entry);
            }
        }
    }

    static String prefixed(String prefix, String name) {
        return prefix + bare(prefix, name);
    }

    static String bare(String prefix, String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.startsWith(prefix) ? upper.substring(prefix.length()) : upper;
    }

    Process build() {
        int index = 0;
        for (String type : limits.keySet()) {
            String path = "process.rlimits[%d]".formatted(index++);
            Optional.ofNullable(limitPlaces.get(type))
                    .ifPresent(place -> recorder().place(path, place));
        }
        boolean ambient = owner != null && owner.uid() != null && owner.uid() != 0;
        return builder.env(List.copyOf(variables.values()))
                .rlimits(List.copyOf(limits.values()))
                .user(owner)
                .capabilities(hasCapabilities ? capabilitiesBlock.build(ambient) : null)
                .build();
    }
}
