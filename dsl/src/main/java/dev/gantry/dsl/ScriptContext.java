package dev.gantry.dsl;

import dev.gantry.dsl.live.ContainerEvent;
import dev.gantry.dsl.live.ScriptContainers;
import dev.gantry.dsl.live.ScriptEvents;
import dev.gantry.io.UserTerminal;
import dev.gantry.runtime.Gantry;
import dev.gantry.text.Secrets;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a script finds around it, and shares with all scripts that it includes.
 *
 * @param gantry asked when the first container is made; null if the script is read for its definitions only
 * @param containers that are deleted with the script
 * @param args that follow the file on the command line
 * @param params that the command line gives
 * @param out where the script and its containers print
 * @param err where the containers' standard error is shown
 * @param secrets what the script calls {@code secret} is added there
 * @param events receives what the script does
 * @param handlers run what the script wants done when something happens
 * @param notices receives the events of containers; null if nobody wants them
 * @param terminal at which the user sits; null for a script
 * @param debugging opens prompts in the midst of the script
 */
record ScriptContext(
        Supplier<Gantry> gantry,
        ScriptContainers containers,
        List<String> args,
        ScriptParams params,
        PrintStream out,
        PrintStream err,
        Secrets secrets,
        ScriptEvents events,
        EventHandlers handlers,
        Consumer<? super ContainerEvent> notices,
        UserTerminal terminal,
        Debugging debugging) {
    ScriptContext {
        args = List.copyOf(args);
    }

    /** Returns that of a script that is run from its first line to its last. */
    static ScriptContext ofRun(
            Supplier<Gantry> gantry,
            ScriptContainers containers,
            List<String> args,
            ScriptParams params,
            PrintStream out,
            PrintStream err,
            Secrets secrets,
            ScriptEvents events,
            Debugging debugging) {
        return new ScriptContext(
                gantry,
                containers,
                args,
                params,
                out,
                err,
                secrets,
                events,
                new EventHandlers(),
                null,
                null,
                debugging);
    }

    /** Returns that of a text that a user types. */
    static ScriptContext ofLine(
            Supplier<Gantry> gantry,
            ScriptContainers containers,
            PrintStream out,
            Secrets secrets,
            EventHandlers handlers,
            Consumer<? super ContainerEvent> notices,
            UserTerminal terminal) {
        return new ScriptContext(
                gantry,
                containers,
                List.of(),
                ScriptParams.NONE,
                out,
                out,
                secrets,
                ScriptEvents.NONE,
                handlers,
                notices,
                terminal,
                Debugging.NONE);
    }

    /** Returns that of a script that is read for its definitions: it makes no container and prints nowhere. */
    static ScriptContext ofReading(List<String> args, ScriptParams params, Secrets secrets) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new ScriptContext(
                null,
                new ScriptContainers(),
                args,
                params,
                nowhere,
                nowhere,
                secrets,
                ScriptEvents.NONE,
                new EventHandlers(),
                null,
                null,
                Debugging.NONE);
    }

    /** Returns whether no container can be made. */
    boolean isRead() {
        return gantry == null;
    }
}
