package dev.gantry.cli;

import dev.gantry.kernel.Signal;
import dev.gantry.runtime.Gantry;

/** {@code kill}: sends a signal to a container's first process. */
final class KillCommand implements Command {
    @Override
    public String summary() {
        return "send a signal (default: TERM) to a container's first process";
    }

    @Override
    public String arguments() {
        return "CONTAINER [SIGNAL]";
    }

    @Override
    public int run(Invocation in) {
        String id = in.arg(0, "CONTAINER");
        int signal = signal(in.args().size() > 1 ? in.args().get(1) : "TERM");
        try (Gantry gantry = in.open()) {
            gantry.container(id).kill(signal);
        }
        return 0;
    }

    private static int signal(String text) {
        try {
            return Signal.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }
}
