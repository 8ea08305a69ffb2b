package dev.gantry.dsl;

import dev.gantry.dsl.block.ContainerDsl;
import dev.gantry.dsl.block.DefinitionBuilder;
import dev.gantry.dsl.source.ScriptMistakes;
import dev.gantry.dsl.source.ScriptSource;
import dev.gantry.value.Definition;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Definitions of containers for callers in Java, with the words of scripts:
 *
 * <pre>{@code
 * Definition box = Definitions.container("box", c -> {
 *     c.hostname("box");
 *     c.resources(r -> r.memory("256 MiB"));
 * });
 * }</pre>
 *
 * <p>A word takes what it takes in a script: a block is a lambda, named options are a map. What is wrong is thrown all
 * at once, with the lines of the caller's source file. Thread-safe.
 */
public final class Definitions {
    private static final StackWalker STACK = StackWalker.getInstance();

    private Definitions() {}

    /**
     * Returns the definition of a container; relative paths count from the working directory.
     *
     * @param id of the container, which is its hostname too unless the body says another
     * @throws ScriptMistakes with everything that is wrong with it
     */
    public static Definition container(String id, Consumer<? super ContainerDsl> body) {
        return container(id, Path.of(""), body);
    }

    /**
     * Returns the definition of a container.
     *
     * @param directory from which relative paths count
     * @throws ScriptMistakes with everything that is wrong with it
     */
    public static Definition container(String id, Path directory, Consumer<? super ContainerDsl> body) {
        Objects.requireNonNull(id, "id");
        ScriptSource caller =
                new ScriptSource(callerFile(), directory.toAbsolutePath().normalize(), "");
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        DefinitionBuilder builder = new DefinitionBuilder(id, caller, nowhere);
        builder.checkId();
        Definition definition = builder.build(body);
        builder.mistakes().ifPresent(mistakes -> {
            throw mistakes;
        });
        return definition;
    }

    private static String callerFile() {
        return STACK.walk(frames -> frames.filter(frame -> !frame.getClassName().equals(Definitions.class.getName()))
                .findFirst()
                .map(StackWalker.StackFrame::getFileName)
                .orElse("unknown"));
    }
}
