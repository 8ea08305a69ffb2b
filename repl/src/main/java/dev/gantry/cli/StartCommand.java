package dev.gantry.cli;

import dev.gantry.runtime.Gantry;

/** {@code start}: lets the program of a created container run. */
final class StartCommand implements Command {
    @Override
    public String summary() {
        return "start a created container";
    }

    @Override
    public String arguments() {
        return "CONTAINER";
    }

    @Override
    public int run(Invocation in) {
        try (Gantry gantry = in.open()) {
            gantry.container(in.onlyId()).start();
        }
        return 0;
    }
}
