package dev.gantry.dsl.block;

import dev.gantry.dsl.source.Span;
import dev.gantry.dsl.word.Block;
import dev.gantry.dsl.word.Keyword;
import dev.gantry.dsl.word.Wording;
import dev.gantry.error.ConfigException;
import dev.gantry.error.Problems;
import dev.gantry.files.RawPath;
import dev.gantry.files.WholeFile;
import dev.gantry.json.Json;
import dev.gantry.oci.Capabilities;
import dev.gantry.oci.Capability;
import dev.gantry.oci.Seccomp;
import dev.gantry.oci.SeccompAction;
import dev.gantry.oci.SeccompSyscall;
import dev.gantry.oci.codec.OciReader;
import dev.gantry.oci.codec.OciWriter;
import dev.gantry.seccomp.DefaultProfile;
import groovy.transform.NamedParam;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The block {@code seccomp { }}: which system calls the container's processes may make. {@code deny} and {@code allow}
 * outweigh what the profile says of the same calls.
 */
@Block("seccomp")
public final class SeccompDsl extends DslSupport {
    private static final String PREFIX = "SCMP_ACT_";

    private final Map<String, Object> settings = new LinkedHashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private Profile base;
    private Seccomp file;
    private boolean used;

    private enum Profile {
        DEFAULT,
        UNCONFINED,
        FILE
    }

    private record Rule(List<String> names, Map<String, Object> json) {}

    SeccompDsl(Recorder recorder) {
        super(recorder);
    }

    /** Chooses what the rules build on: {@code 'default'}, {@code 'unconfined'}, or a profile's JSON file. */
    @Keyword(value = "Builds on 'default', 'unconfined' or a file in OCI form.", example = "profile 'default'")
    public void profile(String name) {
        if (!takesOnce("profile", name)) {
            return;
        }
        switch (name) {
            case "default" -> base = Profile.DEFAULT;
            case "unconfined" -> base = Profile.UNCONFINED;
            default -> readProfile(name);
        }
    }

    private void readProfile(String name) {
        base = Profile.FILE;
        try {
            byte[] text = WholeFile.read(RawPath.of(recorder().resolve(name)), Json.MAX_BYTES);
            Problems problems = new Problems();
            file = OciReader.seccomp(Json.parse(text, name), problems);
            problems.throwIfAny();
        } catch (IOException e) {
            wrong("profile", name, "cannot read `%s`; hint: write 'default', 'unconfined' or a file".formatted(name));
        } catch (ConfigException e) {
            wrong("profile", name, "is not a profile: %s".formatted(e.getMessage()));
        }
    }

    @Keyword(value = "Refuses system calls with EPERM.", example = "deny 'ptrace', 'keyctl'")
    public void deny(String... names) {
        rule("deny", SeccompAction.ERRNO.ociName(), null, List.of(), names);
    }

    @Keyword(value = "Allows system calls.", example = "allow 'io_uring_setup'")
    public void allow(String... names) {
        rule("allow", SeccompAction.ALLOW.ociName(), null, List.of(), names);
    }

    /** Adds a rule in the specification's own terms; of arguments, all must match. */
    @Keyword(
            value = "Adds a rule with an action, an errno or conditions on arguments.",
            example = "syscall 'mkdir', action: 'SCMP_ACT_ERRNO', errnoRet: 28")
    public void syscall(
            @NamedParam("action") @NamedParam("errnoRet") @NamedParam("args") Map<String, ?> options, String... names) {
        Options given = Options.of(this, "syscall", options);
        Optional<String> action = given.text("action");
        if (!given.isGiven("action")) {
            wrong("syscall", "syscall", "needs `action:`");
        }
        Long errno = given.number("errnoRet", 0, 4095).orElse(null);
        List<?> args = options.get("args") instanceof List<?> list ? list : List.of();
        if (given.isGiven("args") && args.isEmpty()) {
            given.expects("args", options.get("args"), "a list of maps");
        }
        action.ifPresent(text -> rule("syscall", action(text), errno, args, names));
    }

    private void rule(String keyword, String action, Long errno, List<?> args, String... names) {
        if (names.length == 0) {
            mistake(Span.of(keyword), Wording.call(getClass(), keyword, List.of()));
        } else if (takes(keyword, (Object[]) names)) {
            used = true;
            place("linux.seccomp");
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("names", List.of(names));
            json.put("action", action);
            if (errno != null) {
                json.put("errnoRet", errno);
            }
            if (!args.isEmpty()) {
                json.put("args", args);
            }
            rules.add(new Rule(List.of(names), json));
        }
    }

    /** Sets what is done to calls that no rule is about. */
    @Keyword(value = "Sets what is done to all other calls.", example = "defaultAction 'SCMP_ACT_ERRNO', errnoRet: 38")
    public void defaultAction(@NamedParam("errnoRet") Map<String, ?> options, String action) {
        if (takesOnce("defaultAction", action)) {
            setting("defaultAction", action(action));
            Options.of(this, "defaultAction", options)
                    .number("errnoRet", 0, 4095)
                    .ifPresent(errno -> setting("defaultErrnoRet", errno));
        }
    }

    /** Does the same with the action alone. */
    public void defaultAction(String action) {
        defaultAction(Map.of(), action);
    }

    @Keyword(value = "Names the machine's calling conventions.", example = "architectures 'SCMP_ARCH_X86_64'")
    public void architectures(String... names) {
        if (takesOnce("architectures", (Object[]) names)) {
            setting("architectures", List.of(names));
        }
    }

    @Keyword(value = "Sets flags of seccomp(2).", example = "flags 'SECCOMP_FILTER_FLAG_LOG'")
    public void flags(String... names) {
        if (takesOnce("flags", (Object[]) names)) {
            setting("flags", List.of(names));
        }
    }

    /** Sets the socket of an agent that decides calls of action SCMP_ACT_NOTIFY. */
    @Keyword(value = "Sets the socket of the agent for SCMP_ACT_NOTIFY.", example = "listener '/run/agent.sock'")
    public void listener(@NamedParam("metadata") Map<String, ?> options, String path) {
        if (takesOnce("listener", path)) {
            setting("listenerPath", recorder().resolve(path));
            Options.of(this, "listener", options).text("metadata").ifPresent(text -> setting("listenerMetadata", text));
        }
    }

    /** Does the same without metadata. */
    public void listener(String path) {
        listener(Map.of(), path);
    }

    private void setting(String name, Object value) {
        used = true;
        settings.put(name, value);
        place("linux.seccomp");
        place("linux.seccomp." + name);
    }

    private static String action(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.startsWith(PREFIX) ? upper : PREFIX + upper;
    }

    /** Adds the profile to the definition, for a process with these capabilities. */
    void build(Capabilities capabilities) {
        if (base == null && !used || base == Profile.UNCONFINED && !used) {
            return;
        }
        Map<String, Object> json = new LinkedHashMap<>();
        Seccomp built = profile(capabilities);
        List<Object> calls = new ArrayList<>();
        if (built != null) {
            Set<String> decided = new HashSet<>();
            rules.forEach(rule -> decided.addAll(rule.names()));
            OciWriter.node(built).properties().forEach(member -> json.put(member.getKey(), member.getValue()));
            built.syscalls().forEach(call -> {
                List<String> left = call.names().stream()
                        .filter(name -> !decided.contains(name))
                        .toList();
                if (!left.isEmpty()) {
                    calls.add(withNames(built, call, left));
                }
            });
        } else {
            json.put("defaultAction", SeccompAction.ALLOW.ociName());
        }
        json.putAll(settings);
        rules.forEach(rule -> calls.add(rule.json()));
        json.put("syscalls", calls);
        recorder().additions().mergeAt("linux.seccomp", json); // what raw has said of it stays
    }

    private static Object withNames(Seccomp base, SeccompSyscall call, List<String> names) {
        SeccompSyscall left = new SeccompSyscall(names, call.action(), call.errnoRet(), call.args());
        Seccomp one = new Seccomp(base.defaultAction(), null, List.of(), null, null, null, List.of(left));
        return OciWriter.node(one).get("syscalls").get(0);
    }

    private Seccomp profile(Capabilities capabilities) {
        if (base == Profile.DEFAULT) {
            Set<Capability> held = EnumSet.noneOf(Capability.class);
            capabilities.bounding().forEach(name -> Capability.of(name).ifPresent(held::add));
            return DefaultProfile.forCapabilities(held);
        }
        return file;
    }
}
