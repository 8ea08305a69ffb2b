package dev.gantry.error;

import java.util.List;
import java.util.stream.Collectors;

/** Tells what is wrong with a configuration: all of it, not only the first mistake. */
public final class ConfigException extends ContainerException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 20;

    private final transient List<Problem> problems;

    /** Creates an exception about an input as a whole, such as one that is not JSON. */
    public ConfigException(String message) {
        this(List.of(Problem.error("", message)));
    }

    /**
     * Creates an exception whose message names the problems, at most 20 of them; the list has them all.
     *
     * @param problems at least one
     */
    public ConfigException(List<Problem> problems) {
        super(
                ErrorKind.CONFIG,
                message(problems),
                problems.size() == 1 ? problems.get(0).hint() : null,
                null);
        this.problems = List.copyOf(problems);
    }

    /** Returns the problems in the order they were found; never empty. */
    public List<Problem> problems() {
        return problems;
    }

    private static String message(List<Problem> problems) {
        if (problems.size() == 1) {
            return problems.get(0).line();
        }
        String first = problems.stream().limit(SHOWN).map(Problem::line).collect(Collectors.joining("; "));
        String rest = problems.size() > SHOWN ? "; and " + (problems.size() - SHOWN) + " more" : "";
        return problems.size() + " problems: " + first + rest;
    }
}
