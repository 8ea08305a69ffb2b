package dev.gantry.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.StateException;
import dev.gantry.json.Json;
import dev.gantry.json.JsonObjectBuilder;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.ContainerStatus;
import dev.gantry.runtime.Gantry;
import dev.gantry.runtime.Subscription;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.commons.cli.Options;

/** {@code events}: tells what a container uses, and that its memory has run out, as one JSON object a line. */
final class EventsCommand implements Command {
    private static final String EVERY = "5s";

    @Override
    public String summary() {
        return "show what a container uses, and its events";
    }

    @Override
    public String arguments() {
        return "[options] CONTAINER";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Opt.flag(null, "stats", "show what it uses once, and end"))
                .addOption(Opt.value(null, "interval", "DURATION", "show it this often (default: " + EVERY + ")"));
    }

    @Override
    public int run(Invocation in) throws InterruptedException {
        Duration interval = GoDuration.parse(in.value("interval", EVERY));
        if (interval.isZero()) {
            throw new UsageException("duration interval must be greater than 0");
        }
        try (Gantry gantry = in.open()) {
            Container container = gantry.container(in.onlyId());
            if (container.status() == ContainerStatus.STOPPED) {
                throw new StateException("container with id %s is not running".formatted(container.id()));
            }
            if (in.has("stats")) {
                print(in, stats(container));
            } else {
                follow(in, container, interval);
            }
        }
        return 0;
    }

    /** Ends with the container. */
    private static void follow(Invocation in, Container container, Duration interval) throws InterruptedException {
        BlockingQueue<Boolean> troubles = new LinkedBlockingQueue<>();
        Subscription watching = container.onOom(() -> troubles.add(true));
        try {
            while (isThere(container)) {
                Boolean trouble = troubles.poll(interval.toMillis(), TimeUnit.MILLISECONDS);
                if (trouble != null) {
                    print(in, event(container, "oom"));
                } else if (isThere(container)) {
                    print(in, stats(container));
                }
            }
        } finally {
            watching.close();
        }
    }

    private static boolean isThere(Container container) {
        try {
            return container.status() != ContainerStatus.STOPPED;
        } catch (ContainerException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private static ObjectNode event(Container container, String type) {
        return new JsonObjectBuilder()
                .string("type", type)
                .string("id", container.id())
                .node();
    }

    private static ObjectNode stats(Container container) {
        return event(container, "stats").set("data", StatsView.of(container.stats()));
    }

    private static void print(Invocation in, ObjectNode line) {
        in.out().println(Json.compact(line));
        in.out().flush();
    }
}
