package dev.gantry.dsl;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Tells what is wrong with a script, all of it: what does not compile, or the definition of one container.
 *
 * <p>The message has several lines a mistake and is meant to be shown as it is, without a prefix. Nothing was made.
 */
public final class ScriptMistakes extends ContainerException {
    private static final long serialVersionUID = 1L;

    private final transient List<Mistake> mistakes;

    /**
     * Creates the exception.
     *
     * @param mistakes at least one
     * @param cause what the compiler or the block threw; null if there is none
     */
    ScriptMistakes(List<Mistake> mistakes, Throwable cause) {
        super(
                ErrorKind.CONFIG,
                mistakes.stream().map(Mistake::toString).collect(Collectors.joining(System.lineSeparator())),
                cause);
        this.mistakes = List.copyOf(mistakes);
    }

    /** Returns the mistakes in the order of their lines; never empty. */
    public List<Mistake> mistakes() {
        return mistakes;
    }
}
