package dev.gantry.dsl.live;

import dev.gantry.dsl.block.Bodies;
import dev.gantry.dsl.source.Span;
import dev.gantry.dsl.word.Block;
import dev.gantry.dsl.word.Keyword;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import groovy.lang.Closure;
import groovy.lang.DelegatesTo;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** The block {@code parallel { }}: branches that run at the same time, each on a thread of its own. */
@Block("parallel")
public final class ParallelDsl extends WordsOnly {
    private final Map<String, Callable<?>> branches = new LinkedHashMap<>();

    ParallelDsl() {}

    @Keyword(value = "Adds a branch.", example = "branch('unit') { println 'testing' }")
    public void branch(
            String name, @DelegatesTo(value = CtrScript.class, strategy = Closure.DELEGATE_FIRST) Closure<?> body) {
        branch(name, (Callable<?>) Bodies.ofScript(body)::call);
    }

    /** Does the same for callers in Java. */
    public void branch(String name, Callable<?> body) {
        if (branches.putIfAbsent(name, body) != null) {
            throw new ContainerException(ErrorKind.CONFIG, "parallel: there are two branches `%s`".formatted(name));
        }
    }

    /** Returns whether the first failure is to end the other branches. */
    static boolean isFailFast(Map<String, ?> options, Session session) {
        options.forEach((name, value) -> {
            if (!name.equals("failFast") || !(value instanceof Boolean)) {
                String text = "script: `parallel`: `%s` is neither a block nor `failFast: true`".formatted(name);
                throw session.mistake(Span.of("parallel", name), text);
            }
        });
        return Boolean.TRUE.equals(options.get("failFast"));
    }

    Map<String, Callable<?>> branches() {
        return branches;
    }
}
