package dev.gantry.cli;

import dev.gantry.runtime.Gantry;

/** {@code sweep}: removes the containers of scripts that were killed before they could. */
final class SweepCommand implements Command {
    @Override
    public String summary() {
        return "remove what killed scripts have left behind";
    }

    @Override
    public String arguments() {
        return "";
    }

    @Override
    public int run(Invocation in) {
        try (Gantry gantry = in.open()) {
            gantry.sweep().forEach(in.out()::println);
        }
        return 0;
    }
}
