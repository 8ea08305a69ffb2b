package dev.gantry.cli;

import dev.gantry.json.Json;
import dev.gantry.runtime.Gantry;

/** {@code state}: prints the state of a container as the specification wants it. */
final class StateCommand implements Command {
    @Override
    public String summary() {
        return "print the state of a container as JSON";
    }

    @Override
    public String arguments() {
        return "CONTAINER";
    }

    @Override
    public int run(Invocation in) {
        try (Gantry gantry = in.open()) {
            in.out().println(Json.indented(StateView.of(gantry.container(in.onlyId())), "  "));
        }
        return 0;
    }
}
