package dev.gantry.cli.oci;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.json.Json;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.Gantry;

/** A command without options that does one thing. */
final class SimpleCommand implements Command {
    private static final String CONTAINER = "CONTAINER";

    private final String summary;
    private final String arguments;
    private final Action action;

    /** What the command does; the caller opens and closes the state root. */
    @FunctionalInterface
    interface Action {
        void run(Invocation in, Gantry gantry);
    }

    SimpleCommand(String summary, String arguments, Action action) {
        this.summary = summary;
        this.arguments = arguments;
        this.action = action;
    }

    /** {@code pause}: stops all processes of a container where they are. */
    static Command pause() {
        return new SimpleCommand(
                "stop all processes of a container where they are",
                CONTAINER,
                (in, gantry) -> gantry.container(in.onlyId()).pause());
    }

    /** {@code resume}: lets the processes of a paused container go on. */
    static Command resume() {
        return new SimpleCommand(
                "let the processes of a paused container go on",
                CONTAINER,
                (in, gantry) -> gantry.container(in.onlyId()).resume());
    }

    /** {@code start}: lets the program of a created container run. */
    static Command start() {
        return new SimpleCommand("start a created container", CONTAINER, (in, gantry) -> {
            Container container = gantry.container(in.onlyId());
            try (Readiness readiness = Readiness.of(in, gantry)) {
                readiness.listenTo(container);
                container.start();
                readiness.await(container);
            }
        });
    }

    /** {@code state}: prints the state of a container as the specification wants it. */
    static Command state() {
        return new SimpleCommand(
                "print the state of a container as JSON",
                CONTAINER,
                (in, gantry) -> in.out().println(Json.indented(StateView.of(gantry.container(in.onlyId())), "  ")));
    }

    /** {@code sweep}: removes the containers of scripts that were killed before they could. */
    static Command sweep() {
        return new SimpleCommand(
                "remove what killed scripts have left behind",
                "",
                (in, gantry) -> gantry.sweep().forEach(in.out()::println));
    }

    @Override
    public String summary() {
        return summary;
    }

    @Override
    public String arguments() {
        return arguments;
    }

    @Override
    public int run(Invocation in) {
        try (Gantry gantry = in.open()) {
            action.run(in, gantry);
        }
        return 0;
    }
}
