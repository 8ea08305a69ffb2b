package dev.gantry.dsl.live;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.kernel.Signal;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.Pipeline;
import dev.gantry.value.ExecIo;
import dev.gantry.value.ExecResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A command in a container that has not begun: what stands on either side of {@code |} or before {@code .tee()}.
 * Scripts write {@code a.exec(...) | b.exec(...)}; the compiler makes commands of such calls.
 */
public final class LiveCommand {
    private final Session session;
    private final List<Part> parts;

    private record Part(Container container, ExecRequest request) {
        Pipeline.Stage stage(UnaryOperator<ExecIo> options) {
            return new Pipeline.Stage(container, request.process(), options.apply(request.options()));
        }
    }

    private LiveCommand(Session session, List<Part> parts) {
        this.session = session;
        this.parts = parts;
    }

    static LiveCommand of(Session session, Container container, ExecRequest request) {
        return new LiveCommand(session, List.of(new Part(container, request)));
    }

    /** Returns a command that lets the other read what this one writes: what {@code |} stands for. */
    public LiveCommand or(LiveCommand reader) {
        Part first = reader.parts.get(0);
        if (first.request().input() != null) {
            throw new ContainerException(
                    ErrorKind.CONFIG,
                    "`|`: `%s` reads from the pipe"
                            .formatted(
                                    String.join(" ", first.request().process().args())),
                    "leave its `stdin` out",
                    null);
        }
        List<Part> all = new ArrayList<>(parts);
        all.addAll(reader.parts);
        return new LiveCommand(session, all);
    }

    /**
     * Runs it to its end. The result has what the last command wrote, what all wrote to standard error, and the exit
     * status of the first that failed; one whose reader had enough has not.
     */
    public CommandResult run() {
        return run(UnaryOperator.identity());
    }

    /** Runs it, and shows what it writes as it comes. */
    public CommandResult tee() {
        return run(options -> options.copyingTo(session.out(), session.err()).keepingLast());
    }

    private CommandResult run(UnaryOperator<ExecIo> changes) {
        session.requireLive();
        List<ExecResult> results;
        try {
            results =
                    Pipeline.run(parts.stream().map(part -> part.stage(changes)).toList());
        } finally {
            parts.forEach(part -> part.request().close());
        }
        session.containers().requireOpen(); // or a script that is being ended would go on with what the end has done
        ExecResult last = results.get(results.size() - 1);
        ExecResult telling = results.stream()
                .filter(one -> one.exit() != 0 && (one == last || one.status().signal() != Signal.PIPE.number()))
                .findFirst()
                .orElse(last);
        String errors = results.stream().map(ExecResult::err).collect(Collectors.joining());
        String written = results.stream().map(one -> one.told().written()).collect(Collectors.joining());
        ExecResult whole = new ExecResult(
                telling.args(),
                telling.status(),
                last.bytes(),
                errors,
                last.duration(),
                new ExecResult.Told("", written, telling.told().shortage()));
        return new CommandResult(whole, session.events());
    }
}
