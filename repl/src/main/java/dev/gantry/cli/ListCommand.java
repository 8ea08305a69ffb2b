package dev.gantry.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.json.Json;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.ContainerState;
import dev.gantry.runtime.ContainerStatus;
import dev.gantry.runtime.Gantry;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.Options;

/** {@code list}: shows all containers. */
final class ListCommand implements Command {
    private static final List<String> HEADER = List.of("ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER");
    private static final int GAP = 3;

    @Override
    public String summary() {
        return "list the containers";
    }

    @Override
    public String arguments() {
        return "[options]";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Opt.value("f", "format", "FORMAT", "`table` (default) or `json`"))
                .addOption(Opt.flag("q", "quiet", "ids only"));
    }

    @Override
    public int run(Invocation in) {
        if (!in.args().isEmpty()) {
            throw new UsageException(
                    "unexpected argument `%s`".formatted(in.args().get(0)));
        }
        try (Gantry gantry = in.open()) {
            String format = in.value("format", "table");
            if (in.has("quiet")) {
                gantry.containers().forEach(container -> in.out().println(container.id()));
            } else if (format.equals("json")) {
                in.out().println(json(gantry));
            } else if (format.equals("table")) {
                table(in, rows(gantry));
            } else {
                throw new UsageException("invalid format option `%s`".formatted(format));
            }
        }
        return 0;
    }

    private static String json(Gantry gantry) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        gantry.containers().forEach(container -> unlessGone(() -> array.add(StateView.of(container))));
        return Json.compact(array);
    }

    private static List<List<String>> rows(Gantry gantry) {
        List<List<String>> rows = new ArrayList<>(List.of(HEADER));
        gantry.containers().forEach(container -> unlessGone(() -> rows.add(row(container))));
        return rows;
    }

    private static List<String> row(Container container) {
        ContainerState state = container.state();
        ContainerStatus status = container.status();
        String pid = status == ContainerStatus.STOPPED ? "0" : Integer.toString(state.pid());
        return List.of(
                state.id(),
                pid,
                status.ociName(),
                state.bundle(),
                state.created().toString(),
                StateView.owner(state.owner()));
    }

    /** A container may be deleted, or have only begun, between the listing and the look at it. */
    private static void unlessGone(Runnable show) {
        try {
            show.run();
        } catch (ContainerException e) {
            if (e.kind() != ErrorKind.NOT_FOUND) {
                throw e;
            }
        }
    }

    private static void table(Invocation in, List<List<String>> rows) {
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int at = column;
                int width =
                        rows.stream().mapToInt(r -> r.get(at).length()).max().orElse(0) + GAP;
                line.append(column == row.size() - 1 ? row.get(column) : pad(row.get(column), width));
            }
            in.out().println(line);
        }
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
