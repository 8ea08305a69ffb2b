package dev.gantry.dsl.block;

import dev.gantry.dsl.rehearsal.Rehearsal;
import dev.gantry.dsl.word.Block;
import dev.gantry.dsl.word.Keyword;
import dev.gantry.dsl.word.Keywords;
import dev.gantry.oci.HookPoint;
import dev.gantry.oci.State;
import dev.gantry.value.HookCallback;
import groovy.lang.Closure;
import groovy.lang.DelegatesTo;
import groovy.transform.NamedParam;
import groovy.transform.stc.ClosureParams;
import groovy.transform.stc.SimpleType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The block {@code hooks { }}: what runs at the points of the container's life. A hook is a program of this machine (of
 * the container at {@code startContainer}) or, at the points on the host, a closure of the script, which is called with
 * the container's state and is no part of a compiled bundle.
 */
@Block("hooks")
public final class HooksDsl extends DslSupport {
    private static final String STATE = "dev.gantry.oci.State";

    private final Map<HookPoint, Integer> counts = new LinkedHashMap<>();
    private final List<Attached> callbacks = new ArrayList<>();

    /** A closure and where it is called. */
    record Attached(HookPoint point, HookCallback callback) {}

    HooksDsl(Recorder recorder) {
        super(recorder);
    }

    @Keyword(value = "Runs before createRuntime; kept for old hooks.", example = "prestart '/usr/bin/old-hook'")
    public void prestart(String program, String... args) {
        program(HookPoint.PRESTART, Map.of(), program, args);
    }

    /** Does the same with an environment of its own or a time-out in seconds. */
    public void prestart(
            @NamedParam("env") @NamedParam("timeout") Map<String, ?> options, String program, String... args) {
        program(HookPoint.PRESTART, options, program, args);
    }

    /** Calls the script. */
    public void prestart(
            @DelegatesTo(type = Keywords.SCRIPT, strategy = Closure.DELEGATE_FIRST)
                    @ClosureParams(value = SimpleType.class, options = STATE)
                    Closure<?> body) {
        callback(HookPoint.PRESTART, body);
    }

    /** Does the same for callers in Java. */
    public void prestart(Consumer<? super State> body) {
        callback(HookPoint.PRESTART, body);
    }

    @Keyword(
            value = "Runs when the namespaces exist, before the root is changed.",
            example = "createRuntime { state -> println state.pid() }")
    public void createRuntime(String program, String... args) {
        program(HookPoint.CREATE_RUNTIME, Map.of(), program, args);
    }

    /** Does the same with an environment of its own or a time-out in seconds. */
    public void createRuntime(
            @NamedParam("env") @NamedParam("timeout") Map<String, ?> options, String program, String... args) {
        program(HookPoint.CREATE_RUNTIME, options, program, args);
    }

    /** Calls the script. */
    public void createRuntime(
            @DelegatesTo(type = Keywords.SCRIPT, strategy = Closure.DELEGATE_FIRST)
                    @ClosureParams(value = SimpleType.class, options = STATE)
                    Closure<?> body) {
        callback(HookPoint.CREATE_RUNTIME, body);
    }

    /** Does the same for callers in Java. */
    public void createRuntime(Consumer<? super State> body) {
        callback(HookPoint.CREATE_RUNTIME, body);
    }

    @Keyword(
            value = "Runs a program of this machine in the container's namespaces, before the root is changed.",
            example = "createContainer '/usr/local/bin/hook', 'create', timeout: 5")
    public void createContainer(String program, String... args) {
        program(HookPoint.CREATE_CONTAINER, Map.of(), program, args);
    }

    /** Does the same with an environment of its own or a time-out in seconds. */
    public void createContainer(
            @NamedParam("env") @NamedParam("timeout") Map<String, ?> options, String program, String... args) {
        program(HookPoint.CREATE_CONTAINER, options, program, args);
    }

    @Keyword(
            value = "Runs a program of the container when it starts, before the process.",
            example = "startContainer '/sbin/ldconfig'")
    public void startContainer(String program, String... args) {
        program(HookPoint.START_CONTAINER, Map.of(), program, args);
    }

    /** Does the same with an environment of its own or a time-out in seconds. */
    public void startContainer(
            @NamedParam("env") @NamedParam("timeout") Map<String, ?> options, String program, String... args) {
        program(HookPoint.START_CONTAINER, options, program, args);
    }

    @Keyword(value = "Runs when the process has started.", example = "poststart '/usr/bin/logger', 'started'")
    public void poststart(String program, String... args) {
        program(HookPoint.POSTSTART, Map.of(), program, args);
    }

    /** Does the same with an environment of its own or a time-out in seconds. */
    public void poststart(
            @NamedParam("env") @NamedParam("timeout") Map<String, ?> options, String program, String... args) {
        program(HookPoint.POSTSTART, options, program, args);
    }

    /** Calls the script. */
    public void poststart(
            @DelegatesTo(type = Keywords.SCRIPT, strategy = Closure.DELEGATE_FIRST)
                    @ClosureParams(value = SimpleType.class, options = STATE)
                    Closure<?> body) {
        callback(HookPoint.POSTSTART, body);
    }

    /** Does the same for callers in Java. */
    public void poststart(Consumer<? super State> body) {
        callback(HookPoint.POSTSTART, body);
    }

    @Keyword(value = "Runs when the container has been deleted.", example = "poststop '/usr/bin/logger', 'gone'")
    public void poststop(String program, String... args) {
        program(HookPoint.POSTSTOP, Map.of(), program, args);
    }

    /** Does the same with an environment of its own or a time-out in seconds. */
    public void poststop(
            @NamedParam("env") @NamedParam("timeout") Map<String, ?> options, String program, String... args) {
        program(HookPoint.POSTSTOP, options, program, args);
    }

    /** Calls the script. */
    public void poststop(
            @DelegatesTo(type = Keywords.SCRIPT, strategy = Closure.DELEGATE_FIRST)
                    @ClosureParams(value = SimpleType.class, options = STATE)
                    Closure<?> body) {
        callback(HookPoint.POSTSTOP, body);
    }

    /** Does the same for callers in Java. */
    public void poststop(Consumer<? super State> body) {
        callback(HookPoint.POSTSTOP, body);
    }

    private void program(HookPoint point, Map<String, ?> options, String program, String... args) {
        String keyword = point.ociName();
        if (!takes(keyword, program) || !takes(keyword, (Object[]) args)) {
            return;
        }
        if (!program.startsWith("/")) {
            wrong(keyword, program, "needs the absolute path of a program, not `%s`".formatted(program));
            return;
        }
        Options given = Options.of(this, keyword, options);
        Map<String, Object> hook = new LinkedHashMap<>();
        hook.put("path", program);
        List<String> words = new ArrayList<>(List.of(program)); // execv: the first word is the program's own name
        words.addAll(List.of(args));
        hook.put("args", words);
        if (given.isGiven("env")) {
            hook.put(
                    "env",
                    given.map("env").entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue())
                            .toList());
        }
        timeout(given, options).ifPresent(seconds -> hook.put("timeout", seconds));
        int index = counts.merge(point, 1, Integer::sum) - 1;
        place("hooks.%s[%d]".formatted(keyword, index));
        recorder().additions().append("hooks." + keyword, hook);
    }

    private static Optional<Long> timeout(Options given, Map<String, ?> options) {
        return options.get("timeout") instanceof Duration time
                ? Optional.of(Math.max(1, time.toSeconds()))
                : given.number("timeout", 1, Integer.MAX_VALUE);
    }

    private void callback(HookPoint point, Closure<?> body) {
        Closure<?> ofScript = Bodies.ofScript(body);
        Rehearsal.visitLater(ofScript);
        callback(point, (Consumer<State>) ofScript::call);
    }

    private void callback(HookPoint point, Consumer<? super State> body) {
        callbacks.add(new Attached(point, body::accept));
    }

    List<Attached> callbacks() {
        return callbacks;
    }
}
