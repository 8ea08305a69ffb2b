package dev.gantry.dsl.block;

import dev.gantry.dsl.rehearsal.Rehearsal;
import dev.gantry.dsl.rehearsal.Unknown;
import dev.gantry.dsl.source.Span;
import dev.gantry.dsl.word.ByteSize;
import dev.gantry.dsl.word.Keywords;
import dev.gantry.dsl.word.Kinds;
import dev.gantry.dsl.word.Wording;
import dev.gantry.error.Place;
import groovy.lang.GroovyObject;
import groovy.lang.MetaClass;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.codehaus.groovy.runtime.FormatHelper;
import org.codehaus.groovy.runtime.InvokerHelper;

/**
 * What all blocks of a definition have in common: they record what a script says and what it says wrongly, and do
 * nothing else. Not thread-safe.
 *
 * <p>A mistake does not end the block, so that a user learns of all of them at once; the definition as a whole then
 * fails. A block is a Groovy object because only then a closure turns to it with a word that nothing answers.
 */
public abstract class DslSupport implements GroovyObject {
    private final Recorder recorder;
    private final Map<String, Place> places = new HashMap<>();
    private MetaClass metaClass;

    /**
     * Creates a block.
     *
     * @param recorder of the definition that the block is part of
     */
    protected DslSupport(Recorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public MetaClass getMetaClass() {
        if (metaClass == null) {
            metaClass = InvokerHelper.getMetaClass(getClass());
        }
        return metaClass;
    }

    @Override
    public void setMetaClass(MetaClass replacement) {
        metaClass = replacement;
    }

    /** Prints a line, as it does outside of a definition. */
    public final void println(Object value) {
        recorder.out().println(FormatHelper.toString(value));
    }

    /** Prints without ending the line, as it does outside of a definition. */
    public final void print(Object value) {
        recorder.out().print(FormatHelper.toString(value));
    }

    /** Takes down a word that this block does not have, or not with such arguments. Groovy calls it. */
    public final Object methodMissing(String name, Object arguments) {
        Unknown.refuse((Object[]) arguments);
        Rehearsal.unknownWord();
        List<String> kinds = Kinds.ofValues((Object[]) arguments);
        List<String> options = Wording.options((Object[]) arguments);
        recorder.mistake(recorder.here(), Span.of(name), Wording.call(getClass(), name, kinds, options));
        return null;
    }

    final Recorder recorder() {
        return recorder;
    }

    /** Returns whether the arguments of a word that may be said many times can be taken: none is null. */
    final boolean takes(String keyword, Object... values) {
        for (Object value : values) {
            if (value == null) {
                mistake(Span.of(keyword), Wording.call(getClass(), keyword, List.of(Kinds.NULL)));
                return false;
            }
        }
        return true;
    }

    /** Returns whether the arguments of a word that may be said once can be taken. */
    protected final boolean takesOnce(String keyword, Object... values) {
        if (Rehearsal.isUncertain()) {
            return takes(keyword, values); // the other way of the condition may say it too
        }
        Place before = places.putIfAbsent(keyword, recorder.here());
        if (before != null) {
            wrong(keyword, keyword, "is already set, on line %d".formatted(before.line()));
            return false;
        }
        return takes(keyword, values);
    }

    /** Returns the line of a word; empty if it is not written. */
    final Optional<Place> placeOf(String keyword) {
        return Optional.ofNullable(places.get(keyword));
    }

    /** Remembers that the line being executed asked for a part of the config. */
    final void place(String ociPath) {
        recorder.place(ociPath, recorder.here());
    }

    /** Records a property of the specification that may be said once. */
    final void property(String keyword, String ociPath, Object value) {
        if (takesOnce(keyword, value)) {
            addition(ociPath, value);
        }
    }

    /** Records named arguments that are the members of an object of the specification, and all of them. */
    final void object(String keyword, String ociPath, Map<String, ?> members) {
        if (takesOnce(keyword, members) && takes(keyword, members.values().toArray())) {
            Map<String, Object> known = known(keyword, members);
            addition(ociPath, known);
            known.keySet().forEach(name -> place(ociPath + "." + name));
        }
    }

    /** Records named arguments that are members of an object to which other words add; each may be said once. */
    final void members(String keyword, String ociPath, Map<String, ?> members) {
        if (takes(keyword, members)) {
            known(keyword, members).forEach((name, value) -> property(name, ociPath + "." + name, value));
        }
    }

    private Map<String, Object> known(String keyword, Map<String, ?> members) {
        Options.of(this, keyword, members);
        Map<String, Object> known = new LinkedHashMap<>(members);
        known.keySet().retainAll(Keywords.of(getClass()).options(keyword)); // the others have been reported
        return known;
    }

    private void addition(String ociPath, Object value) {
        try {
            recorder.additions().set(ociPath, value);
            place(ociPath);
        } catch (IllegalArgumentException e) {
            mistake(Span.LINE, "%s: %s".formatted(Keywords.of(getClass()).label(), e.getMessage()));
        }
    }

    /** Lets words that may be said once be said again, after a preset has said them. */
    final void forget() {
        places.clear();
    }

    /** Returns whether nothing was said yet. */
    final boolean isUntouched() {
        return places.isEmpty();
    }

    /** Takes down that something is wrong with what was said after a keyword. */
    protected final void wrong(String keyword, String word, String text) {
        mistake(
                Span.of(keyword, word),
                "%s: `%s` %s".formatted(Keywords.of(getClass()).label(), keyword, text));
    }

    /** Takes down that something is wrong in the line being executed; the text names the block. */
    final void mistake(Span span, String text) {
        recorder.mistake(recorder.here(), span, text);
    }

    /** Returns the size that a {@link ByteSize}, a text or a number of bytes stands for; if none, that is a mistake. */
    final Optional<ByteSize> size(Object value) {
        try {
            return Optional.of(ByteSize.of(value));
        } catch (IllegalArgumentException e) {
            mistake(
                    Span.of(value.toString()),
                    "%s: %s".formatted(Keywords.of(getClass()).label(), e.getMessage()));
            return Optional.empty();
        }
    }
}
