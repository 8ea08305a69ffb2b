package dev.gantry.dsl;

import dev.gantry.plan.Place;
import groovy.lang.Closure;
import groovy.lang.GroovyObjectSupport;
import groovy.lang.MissingPropertyException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.codehaus.groovy.runtime.FormatHelper;

/**
 * What all blocks of a definition have in common: they record what a script says and what it says wrongly, and do
 * nothing else. Not thread-safe.
 *
 * <p>A mistake does not end the block, so that a user learns of all of them at once; the definition as a whole then
 * fails. A block is a Groovy object because only then a closure turns to it with a word that nothing answers.
 */
public abstract class DslSupport extends GroovyObjectSupport {
    private final Recorder recorder;
    private final Map<String, Place> said = new HashMap<>();

    DslSupport(Recorder recorder) {
        this.recorder = recorder;
    }

    /** Prints a line, as it does outside of a definition. */
    public final void println(Object value) {
        recorder.out().println(FormatHelper.toString(value));
    }

    /** Takes down a word that this block does not have, or not with such arguments. Groovy calls it. */
    public final Object methodMissing(String name, Object arguments) {
        List<String> kinds = Kinds.ofValues((Object[]) arguments);
        recorder.mistake(recorder.here(), name, Wording.call(getClass(), name, kinds));
        return null;
    }

    /** Runs a block of a script so that all its words, and no others, are those of the target. */
    static void configure(DslSupport target, Closure<?> body) {
        Closure<?> copy = (Closure<?>) body.clone(); // the script's closure stays as it was
        copy.setDelegate(target);
        copy.setResolveStrategy(Closure.DELEGATE_ONLY);
        try {
            copy.call(target);
        } catch (MissingPropertyException e) {
            if (e.getType() != target.getClass()) {
                throw e;
            }
            Place place = target.recorder.origin(e);
            target.recorder.mistake(place, e.getProperty(), Wording.property(e.getType(), e.getProperty()));
        }
    }

    final Recorder recorder() {
        return recorder;
    }

    /** Answers whether the arguments of a word that may be said many times can be taken: none is null. */
    final boolean takes(String keyword, Object... values) {
        for (Object value : values) {
            if (value == null) {
                mistake(keyword, Wording.call(getClass(), keyword, List.of(Kinds.NULL)));
                return false;
            }
        }
        return true;
    }

    /** Answers whether the arguments of a word that may be said once can be taken. */
    final boolean takesOnce(String keyword, Object... values) {
        Place before = said.putIfAbsent(keyword, recorder.here());
        if (before != null) {
            wrong(keyword, keyword, "is already set, on line %d".formatted(before.line()));
            return false;
        }
        return takes(keyword, values);
    }

    /** Returns the line that said a word; empty if none did. */
    final Optional<Place> said(String keyword) {
        return Optional.ofNullable(said.get(keyword));
    }

    /** Remembers that the line being executed asked for a part of the config. */
    final void place(String ociPath) {
        recorder.place(ociPath, recorder.here());
    }

    /** Takes down that something is wrong with what was said after a keyword. */
    final void wrong(String keyword, String word, String text) {
        mistake(word, "%s: `%s` %s".formatted(Keywords.of(getClass()).label(), keyword, text));
    }

    /** Takes down that something is wrong at a word of the line being executed; the text names the block. */
    final void mistake(String word, String text) {
        recorder.mistake(recorder.here(), word, text);
    }

    /** Returns what a parser makes of a text; empty, and a mistake, if it throws {@link IllegalArgumentException}. */
    final <T> Optional<T> parsed(String text, Function<String, T> parser) {
        try {
            return Optional.of(parser.apply(text));
        } catch (IllegalArgumentException e) {
            mistake(text, Keywords.of(getClass()).label() + ": " + e.getMessage());
            return Optional.empty();
        }
    }
}
