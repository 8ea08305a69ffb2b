package dev.gantry.error;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a configuration, so that a user learns of all mistakes at once. Not thread-safe. */
public final class Problems {
    private final List<Problem> all = new ArrayList<>();

    /** Adds an error at an OCI path such as {@code linux.resources.memory.limit}. */
    public void error(String ociPath, String text) {
        add(Problem.error(ociPath, text));
    }

    /** Adds an error that has a remedy. */
    public void error(String ociPath, String text, String hint) {
        add(new Problem(Problem.Severity.ERROR, ociPath, text, hint));
    }

    /** Adds a warning at an OCI path. */
    public void warning(String ociPath, String text) {
        add(Problem.warning(ociPath, text));
    }

    /** Adds a problem as it is. */
    public void add(Problem problem) {
        all.add(problem);
    }

    /** Adds what others have collected, in their order. */
    public void addAll(Problems others) {
        all.addAll(others.all);
    }

    /** Returns errors and warnings in the order they were added. */
    public List<Problem> all() {
        return List.copyOf(all);
    }

    /** Returns the errors in the order they were added. */
    public List<Problem> errors() {
        return of(Problem.Severity.ERROR);
    }

    /** Returns the warnings in the order they were added. */
    public List<Problem> warnings() {
        return of(Problem.Severity.WARNING);
    }

    /** Returns whether there is neither an error nor a warning. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    /**
     * Does nothing if there is no error; warnings do not count.
     *
     * @throws ConfigException with every error, if there is one
     */
    public void throwIfAny() {
        List<Problem> errors = errors();
        if (!errors.isEmpty()) {
            throw new ConfigException(errors);
        }
    }

    private List<Problem> of(Problem.Severity severity) {
        List<Problem> found = new ArrayList<>();
        for (Problem problem : all) {
            if (problem.severity() == severity) {
                found.add(problem);
            }
        }
        return List.copyOf(found);
    }
}
