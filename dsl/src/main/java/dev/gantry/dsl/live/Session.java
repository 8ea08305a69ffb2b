package dev.gantry.dsl.live;

import dev.gantry.dsl.source.ScriptMistakes;
import dev.gantry.dsl.source.ScriptSource;
import dev.gantry.dsl.source.Span;
import dev.gantry.io.ContainerOutput;
import dev.gantry.io.Stdio;
import dev.gantry.io.UserTerminal;
import dev.gantry.runtime.Container;
import dev.gantry.value.Definition;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** What a container needs of the script that it belongs to. */
public interface Session {
    /** Returns the text of the script. */
    ScriptSource source();

    /** Returns where the script and its containers print. */
    PrintStream out();

    /** Returns where the containers' standard error is shown. */
    PrintStream err();

    /** Returns the receiver of what the script does. */
    ScriptEvents events();

    /** Returns the containers that are deleted with the script. */
    ScriptContainers containers();

    /** Returns the terminal at which the user sits; empty for a script. */
    Optional<UserTerminal> terminal();

    /**
     * Makes a container that is deleted with the script. Blocks until it is made.
     *
     * @param start whether it is started too
     * @param output closed with the container; null if its output is no concern of this process
     * @throws ScriptMistakes if this machine cannot do what the definition asks for
     */
    Container make(String id, Definition definition, boolean start, Stdio stdio, ContainerOutput output);

    /** Makes pipes for what a first process writes; null if it is to outlive the script, which would be its reader. */
    ContainerOutput openOutput();

    /** Does something for the script, on the thread of its event handlers, after what that already does. */
    void later(Runnable action);

    /** Returns whether someone receives the events of containers, by {@link #notice}. */
    boolean noticesEvents();

    /** Tells of something that has happened to a container. */
    void notice(ContainerEvent event);

    /**
     * Ends the script, or the statement of a check, if no container can be made. Called before one is made or asked.
     */
    void requireLive();

    /** Returns whether the script is only tried: what its containers would answer is unknown. */
    boolean isRehearsed();

    /** Returns what to throw for a part of the line being executed. */
    default ScriptMistakes mistake(Span span, String text) {
        ScriptSource script = source();
        return new ScriptMistakes(List.of(script.mistake(script.here().orElse(script.place(1)), span, text)), null);
    }
}
