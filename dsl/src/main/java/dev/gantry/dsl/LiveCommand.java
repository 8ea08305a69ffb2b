package dev.gantry.dsl;

import dev.gantry.oci.Process;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.ExecIo;
import dev.gantry.runtime.ExecResult;
import dev.gantry.runtime.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A command in a container that has not begun: what stands on either side of {@code |} or before {@code .tee()}. Scripts
 * write {@code a.exec(...) | b.exec(...)}; the compiler makes commands of such calls.
 */
public final class LiveCommand {
    private static final int SIGPIPE = 13;

    private final ScriptSession session;
    private final List<Pipeline.Stage> stages;

    private LiveCommand(ScriptSession session, List<Pipeline.Stage> stages) {
        this.session = session;
        this.stages = stages;
    }

    static LiveCommand of(ScriptSession session, Container container, Process process, ExecIo options) {
        return new LiveCommand(session, List.of(new Pipeline.Stage(container, process, options)));
    }

    /** Returns a command that lets the other read what this one writes: what {@code |} stands for. */
    public LiveCommand or(LiveCommand reader) {
        List<Pipeline.Stage> all = new ArrayList<>(stages);
        all.addAll(reader.stages);
        return new LiveCommand(session, all);
    }

    /**
     * Runs it to its end. The result has what the last command wrote, what all wrote to standard error, and the exit
     * status of the first that failed; one whose reader had enough has not.
     */
    public CommandResult run() {
        session.requireLive();
        List<ExecResult> results = Pipeline.run(stages);
        session.containers().requireOpen(); // or a script that is being ended would go on with what the end has done
        ExecResult last = results.get(results.size() - 1);
        ExecResult telling = results.stream()
                .filter(one -> one.exit() != 0 && (one == last || one.status().signal() != SIGPIPE))
                .findFirst()
                .orElse(last);
        String errors = results.stream().map(ExecResult::err).collect(Collectors.joining());
        ExecResult whole = new ExecResult(telling.args(), telling.status(), last.out(), errors, last.duration());
        return new CommandResult(whole, session.events());
    }

    /** Runs it, and shows what it writes as it comes. */
    public CommandResult tee() {
        List<Pipeline.Stage> shown = new ArrayList<>();
        for (Pipeline.Stage stage : stages) {
            shown.add(new Pipeline.Stage(
                    stage.container(), stage.process(), stage.options().copyingTo(session.out(), session.err())));
        }
        return new LiveCommand(session, shown).run();
    }
}
