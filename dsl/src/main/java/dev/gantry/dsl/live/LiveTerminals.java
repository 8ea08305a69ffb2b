package dev.gantry.dsl.live;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.StateException;
import dev.gantry.io.ContainerTerminal;
import dev.gantry.io.Stdio;
import dev.gantry.io.UserTerminal;
import dev.gantry.oci.Process;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.Internals;
import dev.gantry.value.Definition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The terminals in one container that the user of a session can be at: that of the first process, if it has one, and
 * those of shells. Not thread-safe.
 */
final class LiveTerminals {
    private static final List<String> SHELLS = List.of("/bin/bash", "/bin/sh");

    private final Session session;
    private final String id;

    /** The one that the user was at last comes first. */
    private final Deque<ContainerTerminal> open = new ArrayDeque<>();

    LiveTerminals(Session session, String id) {
        this.session = session;
        this.id = id;
    }

    /**
     * Returns a definition that can be launched here: a terminal gets the size of the user's.
     *
     * @throws ContainerException if it wants a terminal and the session has none
     */
    Definition sized(String operation, Definition definition) {
        Process process = definition.config().process();
        if (!process.isTerminal()) {
            return definition;
        }
        UserTerminal user = session.terminal()
                .orElseThrow(() -> new ContainerException(
                        ErrorKind.UNSUPPORTED,
                        "%s `%s`: a script has no terminal to give".formatted(operation, id),
                        "leave `terminal` out",
                        null));
        return process.consoleSize() != null
                ? definition
                : definition.with(definition.config().toBuilder()
                        .process(process.toBuilder().consoleSize(user.size()).build())
                        .build());
    }

    /** Takes the terminal of the first process, if it has one. */
    void made(Container container) {
        open.clear();
        Internals.process(container)
                .filter(process -> process.console().isPresent())
                .ifPresent(process -> open.push(ContainerTerminal.of(process)));
    }

    /** Lends the user's terminal to a program, a shell if none is said, until it ends or the user leaves. */
    void shell(Container container, String... command) {
        UserTerminal user = user("shell in");
        List<String> args = command.length > 0 ? List.of(command) : List.of(shellOf(container));
        Process wanted = container.processFor(args);
        List<String> env = new ArrayList<>(wanted.env());
        env.removeIf(variable -> variable.startsWith("TERM="));
        env.add("TERM=" + user.type());
        session.out().flush();
        ContainerTerminal opened = ContainerTerminal.of(Internals.spawn(
                container,
                wanted.toBuilder()
                        .env(env)
                        .terminal(true)
                        .consoleSize(user.size())
                        .build(),
                Stdio.inherited()));
        open.push(opened);
        attach(opened, user);
    }

    private static String shellOf(Container container) {
        return SHELLS.stream()
                .filter(shell -> container.root().exists(shell))
                .findFirst()
                .orElse("sh");
    }

    /**
     * Lends the user's terminal to what they left last, or else to the first process.
     *
     * @throws StateException if there is no terminal to come to
     */
    void attach() {
        UserTerminal user = user("attach");
        ContainerTerminal last = open.peek();
        if (last == null) {
            throw new StateException(
                    "attach `%s`: none of its processes has a terminal".formatted(id),
                    "`%s.shell()` opens one, and so does `process { terminal true }`".formatted(id));
        }
        attach(last, user);
    }

    private void attach(ContainerTerminal terminal, UserTerminal user) {
        try {
            UserTerminal.Parting parting = terminal.attach(user);
            if (parting == UserTerminal.Parting.LEFT) {
                session.out().printf("%nleft; `attach %s` returns%n", id);
            }
        } finally {
            open.removeIf(ContainerTerminal::isClosed);
        }
    }

    private UserTerminal user(String operation) {
        return session.terminal()
                .orElseThrow(
                        () -> new StateException("%s `%s`: there is no terminal to sit at".formatted(operation, id)));
    }
}
