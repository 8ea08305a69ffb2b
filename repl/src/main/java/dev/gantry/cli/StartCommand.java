package dev.gantry.cli;

import dev.gantry.runtime.Container;
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
            Container container = gantry.container(in.onlyId());
            try (Readiness readiness = Readiness.of(in, gantry)) {
                readiness.listenTo(container);
                container.start();
                readiness.await(container);
            }
        }
        return 0;
    }
}
