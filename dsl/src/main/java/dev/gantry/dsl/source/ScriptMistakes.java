package dev.gantry.dsl.source;

import dev.gantry.dsl.word.Kinds;
import dev.gantry.dsl.word.Wording;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.Place;
import groovy.lang.MissingMethodException;
import groovy.lang.MissingPropertyException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Tells what is wrong with the text of a script: everything that does not compile, everything in the definition of one
 * container, or, where names are looked up only when the script runs, the first that is not found.
 *
 * <p>The message has several lines a mistake and is meant to be shown as it is, without a prefix.
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
    public ScriptMistakes(List<Mistake> mistakes, Throwable cause) {
        super(
                ErrorKind.CONFIG,
                mistakes.stream().map(Mistake::toString).collect(Collectors.joining(System.lineSeparator())),
                cause);
        this.mistakes = List.copyOf(mistakes);
    }

    @Override
    public boolean hasDetails() {
        return true;
    }

    /** Returns the mistake that made a script call or read something that is not there; empty if that is not why. */
    public static Optional<ScriptMistakes> ofName(Exception thrown, ScriptSource source) {
        if (thrown instanceof MissingMethodException e) {
            String text = Wording.call(
                    e.getType(), e.getMethod(), Kinds.ofValues(e.getArguments()), Wording.options(e.getArguments()));
            return at(source.origin(e), e.getMethod(), text, source, e);
        }
        if (thrown instanceof MissingPropertyException e) {
            String text = Wording.property(e.getType(), e.getProperty());
            return at(source.origin(e), e.getProperty(), text, source, e);
        }
        return Optional.empty();
    }

    private static Optional<ScriptMistakes> at(
            Optional<Place> place, String word, String text, ScriptSource source, Exception cause) {
        return place.map(at -> new ScriptMistakes(List.of(source.mistake(at, Span.of(word), text)), cause));
    }

    /** Returns the mistakes in the order of their lines; never empty. */
    public List<Mistake> mistakes() {
        return mistakes;
    }
}
