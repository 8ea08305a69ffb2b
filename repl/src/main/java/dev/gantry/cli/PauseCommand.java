package dev.gantry.cli;

import dev.gantry.runtime.Gantry;

/** {@code pause}: stops all processes of a container where they are. */
final class PauseCommand implements Command {
    @Override
    public String summary() {
        return "stop all processes of a container where they are";
    }

    @Override
    public String arguments() {
        return "CONTAINER";
    }

    @Override
    public int run(Invocation in) {
        try (Gantry gantry = in.open()) {
            gantry.container(in.onlyId()).pause();
        }
        return 0;
    }
}
