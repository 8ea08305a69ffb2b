package dev.gantry.cli.command;

import java.util.List;
import org.apache.commons.cli.Options;

/** A command of the command line. */
public interface Command {
    /** Returns the one line that the list of commands shows. */
    String summary();

    /** Returns what follows the command's name in its usage: {@code [options] CONTAINER}. */
    String arguments();

    /** Returns the options it takes; long names are accepted with one dash as well as two. */
    default Options options() {
        return new Options();
    }

    /** Returns whether all that follows the first argument is that of another program, options included. */
    default boolean passesRestOn() {
        return false;
    }

    /** Returns the same for one call of the command, of which these are the words. */
    default boolean passesRestOn(List<String> words) {
        return passesRestOn();
    }

    /** Returns whether a signal may end it while it has something to clean up, which the JVM then waits for. */
    default boolean cleansUpAtSignals() {
        return false;
    }

    /** Returns the exit status of a failure of Gantry's own. */
    default int failure(Throwable e) {
        return 1;
    }

    /** Returns what comes before the message of a failure, for those who look for it; empty for most. */
    default String failurePrefix() {
        return "";
    }

    /** Runs the command and returns its exit status. */
    int run(Invocation invocation) throws Exception;
}
