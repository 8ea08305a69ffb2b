package dev.gantry.repl;

import dev.gantry.dsl.ByteSize;
import dev.gantry.dsl.CommandResult;
import dev.gantry.dsl.ContainerEvent;
import dev.gantry.dsl.ContainerFile;
import dev.gantry.dsl.ContainerStats;
import dev.gantry.dsl.LiveContainer;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.OciWriter;
import dev.gantry.plan.LaunchPlan;
import dev.gantry.plan.PlannedStep;
import dev.gantry.plan.RuntimeStep;
import dev.gantry.runtime.ContainerMount;
import dev.gantry.runtime.ExecResult;
import dev.gantry.runtime.RunningProcess;
import groovy.lang.Closure;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Turns values into what a person wants to see of them. It remembers the last statistics, to tell how much has been used
 * since. Not thread-safe.
 */
final class Renderer {
    private static final String INDENT = "  ";
    private static final int MOST_OF_A_LIST = 1_000;

    private static final int MOST_OF_A_CELL = 40;

    private final Ink ink;
    private final StatsView statistics;

    Renderer(Ink ink) {
        this.ink = ink;
        this.statistics = new StatsView(ink);
    }

    /** Returns the text, without a line feed at the end; empty if there is nothing to see. */
    Optional<String> render(Object value) {
        if (value == null) {
            return Optional.empty();
        }
        String text = text(value).stripTrailing();
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private String text(Object value) {
        if (value instanceof CommandResult command) {
            return result(command.result());
        }
        if (value instanceof LiveContainer container) {
            return container(container);
        }
        if (value instanceof LaunchPlan plan) {
            return plan(plan);
        }
        if (value instanceof OciConfig config) {
            return OciWriter.text(config);
        }
        if (value instanceof Map<?, ?> map) {
            return isOfContainers(map.values()) ? containers(map.values()) : map(map);
        }
        if (value instanceof Collection<?> list) {
            return collection(list);
        }
        if (value instanceof ContainerStats stats) {
            return statistics.text(stats, System.nanoTime());
        }
        if (value instanceof ContainerFile file) {
            return file(file);
        }
        if (value instanceof ContainerEvent event) {
            return event(event);
        }
        if (value instanceof Record tree && !(value instanceof ByteSize)) {
            return tree(tree, "").stripTrailing();
        }
        return simple(value);
    }

    /** What the command wrote, as it wrote it; its exit status only when there is something to say about it. */
    private String result(ExecResult result) {
        StringBuilder text = new StringBuilder(result.out());
        if (!result.err().isEmpty()) {
            text.append(ink.warm(result.err().stripTrailing())).append('\n');
        }
        if (result.exit() != 0) {
            text.append(ink.bad("exit status %d".formatted(result.exit())));
        }
        return text.toString();
    }

    private String container(LiveContainer container) {
        return "%s %s".formatted(ink.strong(container.getId()), status(container.getStatus()));
    }

    private String containers(Collection<?> containers) {
        Table table = new Table(ink, "CONTAINER", "STATUS", "PID");
        for (Object each : containers) {
            LiveContainer container = (LiveContainer) each;
            String status = container.getStatus();
            boolean made = !status.equals("defined");
            table.row(container.getId(), status, made ? Integer.toString(container.getPid()) : "");
        }
        return table.text();
    }

    private String status(String status) {
        return switch (status) {
            case "running" -> ink.good(status);
            case "stopped" -> ink.bad(status);
            case "defined" -> ink.faint(status);
            default -> ink.warm(status);
        };
    }

    private String plan(LaunchPlan plan) {
        StringBuilder text = new StringBuilder();
        int number = 0;
        for (PlannedStep planned : plan.steps()) {
            String details = planned.step().details();
            text.append(ink.faint("%3d  ".formatted(number++)))
                    .append(planned.step() instanceof RuntimeStep ? "runtime  " : "init     ")
                    .append(planned.step().describe())
                    .append(details.isEmpty() ? "" : " (" + details + ")")
                    .append(ink.faint("  [%s]".formatted(planned.origin())))
                    .append('\n');
        }
        return text.toString();
    }

    private String collection(Collection<?> list) {
        if (isOfContainers(list)) {
            return containers(list);
        }
        if (isOf(RunningProcess.class, list)) {
            Table table = new Table(ink, "PID", "INSIDE", "UID", "STATE", "MEMORY", "COMMAND");
            list.forEach(each -> process(table, (RunningProcess) each));
            return table.text();
        }
        if (isOf(ContainerMount.class, list)) {
            Table table = new Table(ink, "TARGET", "TYPE", "SOURCE", "OPTIONS");
            list.forEach(each -> mount(table, (ContainerMount) each));
            return table.text();
        }
        return list(list);
    }

    private static void process(Table table, RunningProcess process) {
        table.row(
                Integer.toString(process.pid()),
                Integer.toString(process.inside()),
                Long.toString(process.uid()),
                process.state(),
                StatsView.bytes(process.memory()),
                process.command());
    }

    private static void mount(Table table, ContainerMount mount) {
        String options = String.join(",", mount.options());
        table.row(
                mount.target(),
                mount.type(),
                mount.source(),
                options.length() <= MOST_OF_A_CELL ? options : options.substring(0, MOST_OF_A_CELL) + "...");
    }

    private String file(ContainerFile file) {
        if (!file.exists()) {
            return ink.faint("%s: there is none".formatted(file));
        }
        return file.isDirectory() ? String.join("\n", file.list()) : file.getText();
    }

    private String event(ContainerEvent event) {
        return switch (event.kind()) {
            case "exit" -> ink.warm("%s ended with status %d".formatted(event.container(), event.status()));
            case "oom" -> ink.bad("%s ran out of memory".formatted(event.container()));
            default -> "%s: %s".formatted(event.container(), event.kind());
        };
    }

    private static boolean isOf(Class<?> type, Collection<?> values) {
        return !values.isEmpty() && values.stream().allMatch(type::isInstance);
    }

    private static boolean isOfContainers(Collection<?> values) {
        return isOf(LiveContainer.class, values);
    }

    private String list(Collection<?> list) {
        String shown =
                list.stream().limit(MOST_OF_A_LIST).map(this::inline).collect(Collectors.joining(", ", "[", "]"));
        return list.size() <= MOST_OF_A_LIST
                ? shown
                : shown + ink.faint(" and %d more".formatted(list.size() - MOST_OF_A_LIST));
    }

    private String map(Map<?, ?> map) {
        return map.isEmpty()
                ? "[:]"
                : map.entrySet().stream()
                        .map(entry ->
                                "%s: %s".formatted(ink.cool(String.valueOf(entry.getKey())), inline(entry.getValue())))
                        .collect(Collectors.joining("\n"));
    }

    private String inline(Object value) {
        if (value instanceof CharSequence text) {
            return "'" + text + "'";
        }
        if (value instanceof LiveContainer container) {
            return container.getId();
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> entry.getKey() + ": " + inline(entry.getValue()))
                    .collect(Collectors.joining(", ", "[", map.isEmpty() ? ":]" : "]"));
        }
        return value instanceof Collection<?> list ? list(list) : simple(value);
    }

    /** A record as a tree: a line a component, those of inner records further in; what is not set is left out. */
    private String tree(Record value, String indent) {
        StringBuilder text = new StringBuilder();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            Object part = read(component, value);
            boolean empty = part == null
                    || part instanceof Collection<?> list && list.isEmpty()
                    || part instanceof Map<?, ?> map && map.isEmpty()
                    || part instanceof Optional<?> optional && optional.isEmpty();
            if (empty) {
                continue;
            }
            text.append(indent).append(ink.cool(component.getName()));
            if (part instanceof Record inner) {
                text.append('\n').append(tree(inner, indent + INDENT));
            } else {
                text.append(": ")
                        .append(inline(part instanceof Optional<?> optional ? optional.get() : part))
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static Object read(RecordComponent component, Record value) {
        try {
            return component.getAccessor().invoke(value);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(component.toString(), e);
        }
    }

    private String simple(Object value) {
        if (value instanceof Closure<?>) {
            return ink.faint("a function");
        }
        if (value instanceof Duration duration) {
            return "%.3f s".formatted(duration.toNanos() / 1e9);
        }
        if (value instanceof Class<?> type) {
            return ink.faint("class ") + type.getSimpleName();
        }
        return value instanceof Object[] array ? list(List.of(array)) : String.valueOf(value);
    }
}
