package dev.gantry.dsl.live;

import dev.gantry.dsl.word.Called;
import dev.gantry.error.StateException;
import dev.gantry.value.CommandFailure;
import dev.gantry.value.ExecResult;
import java.time.Duration;
import java.util.List;

/** What a command that ran in a container left behind. */
@Called(value = "a result of `exec`", type = "Result")
public final class CommandResult {
    private final ExecResult result;
    private final ScriptEvents events;

    CommandResult(ExecResult result, ScriptEvents events) {
        this.result = result;
        this.events = events;
    }

    /** Returns the exit status, or 128 plus the signal that killed it. */
    public int getExit() {
        return result.exit();
    }

    /** Returns the standard output. */
    public String getOut() {
        return result.out();
    }

    /** Returns the standard output as it was written. */
    public byte[] getBytes() {
        return result.bytes();
    }

    /** Returns the standard error. */
    public String getErr() {
        return result.err();
    }

    /** Returns the standard output. */
    public String getText() {
        return result.out();
    }

    /** Returns the standard output line by line. */
    public List<String> getLines() {
        return result.lines();
    }

    /** Returns how long it took from the call to its end. */
    public Duration getDuration() {
        return result.duration();
    }

    /** Returns what was run. */
    public List<String> getCommand() {
        return result.args();
    }

    /**
     * Returns this result if the command ended well.
     *
     * @throws CommandFailure if its exit status was not 0
     */
    public CommandResult check() {
        try {
            result.check();
            events.checked(result, null);
            return this;
        } catch (CommandFailure e) {
            events.checked(result, e);
            throw e;
        }
    }

    /**
     * Tells that it is too late for a pipe: the command has run.
     *
     * @throws StateException always
     */
    public CommandResult or(CommandResult reader) {
        throw new StateException(
                "`|`: `%s` has ended before `%s` began".formatted(words(), reader.words()),
                "join the calls themselves: `a.exec('ls') | b.exec('wc')`");
    }

    private String words() {
        return result.words();
    }

    /** Returns the same as Gantry's own classes know it. */
    public ExecResult result() {
        return result;
    }

    @Override
    public String toString() {
        return result.summary();
    }
}
