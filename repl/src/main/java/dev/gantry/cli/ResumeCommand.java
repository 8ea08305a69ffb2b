package dev.gantry.cli;

import dev.gantry.runtime.Gantry;

/** {@code resume}: lets the processes of a paused container go on. */
final class ResumeCommand implements Command {
    @Override
    public String summary() {
        return "let the processes of a paused container go on";
    }

    @Override
    public String arguments() {
        return "CONTAINER";
    }

    @Override
    public int run(Invocation in) {
        try (Gantry gantry = in.open()) {
            gantry.container(in.onlyId()).resume();
        }
        return 0;
    }
}
