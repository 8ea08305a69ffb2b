package dev.gantry.cli.oci;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cgroup.OomKills;
import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.Opt;
import dev.gantry.cli.command.UsageException;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.StateException;
import dev.gantry.json.Json;
import dev.gantry.json.JsonObjectBuilder;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.Gantry;
import dev.gantry.value.ContainerStatus;
import dev.gantry.value.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.commons.cli.Options;

/** {@code events}: tells what a container uses, and that its memory has run out, as one JSON object a line. */
final class EventsCommand implements Command {
    private static final String EVERY = "5s";
    private static final long LAST_EVENT_MILLIS = 1_000;

    private enum Event {
        /** Memory has run out. */
        OOM,
        /** The first process has ended. */
        END
    }

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

    /** Ends with the container, and at once: its end wakes the thread that waits for the next time. */
    private static void follow(Invocation in, Container container, Duration interval) throws InterruptedException {
        BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        List<String> cgroups = container.state().cgroups();
        long killed = OomKills.of(cgroups);
        Subscription watching = container.onOom(() -> events.add(Event.OOM));
        container.exit().whenComplete((status, failure) -> events.add(Event.END));
        try {
            while (isThere(container)) {
                Event event = events.poll(interval.toMillis(), TimeUnit.MILLISECONDS);
                if (event == Event.OOM) {
                    print(in, event(container, "oom"));
                    killed = OomKills.of(cgroups);
                } else if (event == null && isThere(container)) {
                    print(in, stats(container));
                }
            }
            finish(in, container, events, OomKills.of(cgroups) > killed);
        } finally {
            watching.close();
        }
    }

    /** The kernel tells of the end and of its cause at the same time. */
    private static void finish(Invocation in, Container container, BlockingQueue<Event> events, boolean untold)
            throws InterruptedException {
        boolean awaited = untold;
        Event event = events.poll(awaited ? LAST_EVENT_MILLIS : 0, TimeUnit.MILLISECONDS);
        while (event != null) {
            if (event == Event.OOM) {
                print(in, event(container, "oom"));
                awaited = false;
            }
            event = events.poll(awaited ? LAST_EVENT_MILLIS : 0, TimeUnit.MILLISECONDS);
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
        return event(container, "stats").set("data", StatsJson.of(container.stats()));
    }

    private static void print(Invocation in, ObjectNode line) {
        in.out().println(Json.compact(line));
        in.verifyAnswer();
    }
}
