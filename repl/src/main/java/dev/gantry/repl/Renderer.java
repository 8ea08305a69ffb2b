package dev.gantry.repl;

import dev.gantry.dsl.live.CommandResult;
import dev.gantry.dsl.live.ContainerEvent;
import dev.gantry.dsl.live.ContainerFile;
import dev.gantry.dsl.live.ContainerFiles;
import dev.gantry.dsl.live.ContainerStats;
import dev.gantry.dsl.live.LiveContainer;
import dev.gantry.dsl.word.ByteSize;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.plan.LaunchPlan;
import dev.gantry.plan.PlannedStep;
import dev.gantry.plan.RuntimeStep;
import dev.gantry.value.ContainerMount;
import dev.gantry.value.ExecResult;
import dev.gantry.value.RunningProcess;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Turns values into what a person wants to see of them. It remembers the last statistics, to tell how much has been
 * used since. Not thread-safe.
 */
final class Renderer {
    private static final int MOST_OF_A_CELL = 40;
    private static final Set<String> UNMADE = Set.of("defined", "gone", "damaged");

    private final Ink ink;
    private final StatsBars statistics;
    private final Trees trees;

    Renderer(Ink ink) {
        this.ink = ink;
        this.trees = new Trees(ink);
        this.statistics = new StatsBars(ink);
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
        if (value instanceof Map<?, ?> map) {
            return isOfContainers(map.values()) ? containers(map.values()) : trees.map(map);
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
        if (value instanceof ContainerFiles files) {
            return file(files.getAt("/"));
        }
        return trees.text(value);
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
        return "%s %s".formatted(ink.strong(container.getId()), status(statusOf(container)));
    }

    private String containers(Collection<?> containers) {
        InkTable table = new InkTable(ink, "CONTAINER", "STATUS", "PID");
        for (Object each : containers) {
            LiveContainer container = (LiveContainer) each;
            String status = statusOf(container);
            boolean made = !UNMADE.contains(status);
            table.row(container.getId(), status, made ? Integer.toString(container.getPid()) : "");
        }
        return table.text();
    }

    /** One that another process has deleted, or whose state cannot be read, does not hide the others. */
    private static String statusOf(LiveContainer container) {
        try {
            return container.getStatus();
        } catch (ContainerException e) {
            return e.kind() == ErrorKind.NOT_FOUND ? "gone" : "damaged";
        }
    }

    private String status(String status) {
        return switch (status) {
            case "running" -> ink.good(status);
            case "stopped", "gone", "damaged" -> ink.bad(status);
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
            InkTable table = new InkTable(ink, "PID", "INSIDE", "UID", "STATE", "MEMORY", "COMMAND");
            list.forEach(each -> process(table, (RunningProcess) each));
            return table.text();
        }
        if (isOf(ContainerMount.class, list)) {
            InkTable table = new InkTable(ink, "TARGET", "TYPE", "SOURCE", "OPTIONS");
            list.forEach(each -> mount(table, (ContainerMount) each));
            return table.text();
        }
        return isOfOneRecord(list) ? records(list) : trees.text(list);
    }

    private static boolean isOfOneRecord(Collection<?> list) {
        Set<Class<?>> types =
                list.stream().map(each -> each == null ? null : each.getClass()).collect(Collectors.toSet());
        return types.size() == 1
                && types.iterator().next() != null
                && types.iterator().next().isRecord()
                && !isOf(ByteSize.class, list);
    }

    /** A column for each component that is set in any of them. */
    private String records(Collection<?> list) {
        List<RecordComponent> columns = Stream.of(
                        list.iterator().next().getClass().getRecordComponents())
                .filter(each -> list.stream().anyMatch(record -> !Trees.isUnset(Trees.read(each, record))))
                .toList();
        InkTable table = new InkTable(
                ink,
                columns.stream()
                        .map(each -> each.getName().toUpperCase(Locale.ROOT))
                        .toArray(String[]::new));
        list.forEach(record -> table.row(
                columns.stream().map(each -> cell(Trees.read(each, record))).toArray(String[]::new)));
        return table.text();
    }

    private String cell(Object value) {
        if (Trees.isUnset(value)) {
            return "";
        }
        String text = value instanceof Collection<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                : trees.text(value).replace('\n', ' ');
        return shortened(text);
    }

    private static String shortened(String text) {
        return text.length() <= MOST_OF_A_CELL ? text : text.substring(0, MOST_OF_A_CELL) + "...";
    }

    private static void process(InkTable table, RunningProcess process) {
        table.row(
                Integer.toString(process.pid()),
                Integer.toString(process.inside()),
                Long.toString(process.uid()),
                process.state(),
                StatsBars.bytes(process.memory()),
                process.command());
    }

    private static void mount(InkTable table, ContainerMount mount) {
        table.row(mount.target(), mount.type(), mount.source(), shortened(String.join(",", mount.options())));
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
}
