package dev.gantry.cli.oci;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.Log;
import dev.gantry.cli.command.Opt;
import dev.gantry.cli.command.UsageException;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.Shown;
import dev.gantry.json.Json;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.Gantry;
import dev.gantry.terminal.Table;
import dev.gantry.value.ContainerState;
import dev.gantry.value.ContainerStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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
                in.out().println(json(gantry, in.log()));
            } else if (format.equals("table")) {
                table(gantry, in.log()).lines().forEach(in.out()::println);
            } else {
                throw new UsageException("invalid format option `%s`".formatted(format));
            }
        }
        return 0;
    }

    private static String json(Gantry gantry, Log log) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Container container : gantry.containers()) {
            look(container, log, StateView::of, StateView::ofDamaged).ifPresent(array::add);
        }
        return Json.compact(array);
    }

    private static Table table(Gantry gantry, Log log) {
        Table table = new Table(GAP, String::length).row(HEADER);
        for (Container container : gantry.containers()) {
            look(container, log, ListCommand::row, ListCommand::damagedRow).ifPresent(table::row);
        }
        return table;
    }

    private static List<String> row(Container container) {
        ContainerState state = container.state();
        ContainerStatus status = container.status();
        String pid = status == ContainerStatus.STOPPED ? "0" : Integer.toString(state.pid());
        return List.of(
                state.id(),
                pid,
                status.ociName(),
                Shown.escaped(state.bundle()),
                state.created().toString(),
                Shown.escaped(StateView.owner(state.owner())));
    }

    private static List<String> damagedRow(Container container) {
        return List.of(container.id(), "0", StateView.DAMAGED, "-", "-", "-");
    }

    /**
     * Returns how a container is shown; one whose state cannot be read does not hide the others. It may be deleted, or
     * have only begun, between the listing and the look at it: there is nothing to show then.
     */
    private static <T> Optional<T> look(
            Container container, Log log, Function<Container, T> whole, Function<Container, T> damaged) {
        try {
            return Optional.of(whole.apply(container));
        } catch (ContainerException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return Optional.empty();
            }
            log.warning(e.line());
            return Optional.of(damaged.apply(container));
        }
    }
}
