package dev.gantry.dsl.block;

import dev.gantry.dsl.source.Mistake;
import dev.gantry.dsl.source.ScriptMistakes;
import dev.gantry.dsl.source.ScriptSource;
import dev.gantry.dsl.source.Span;
import dev.gantry.error.Place;
import dev.gantry.error.Problem;
import dev.gantry.error.SourceMap;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes down, while a definition is evaluated, which line asked for what and what is wrong. Not thread-safe. */
public final class Recorder {
    private final ScriptSource source;
    private final PrintStream out;
    private final Place start;
    private final Map<String, Place> places = new HashMap<>();
    private final List<Mistake> mistakes = new ArrayList<>();
    private final OciAdditions additions = new OciAdditions();
    private boolean isIncomplete;

    /**
     * Begins to record at the line that is being executed.
     *
     * @param out where the blocks print
     */
    public Recorder(ScriptSource source, PrintStream out) {
        this.source = source;
        this.out = out;
        this.start = source.here().orElse(source.place(0));
    }

    PrintStream out() {
        return out;
    }

    /** Returns what words have said under the specification's own names. */
    OciAdditions additions() {
        return additions;
    }

    String resolve(String path) {
        return source.resolve(path);
    }

    /** Returns the line that is being executed, or else the one where the definition begins. */
    Place here() {
        return source.here().orElse(start);
    }

    /** Remembers that a part of the config was asked for by a line. */
    void place(String ociPath, Place place) {
        places.put(ociPath, place);
    }

    void mistake(Place place, Span span, String text) {
        mistakes.add(source.mistake(place, span, text));
    }

    /** Remembers that not all is known that the definition will say. */
    void incomplete() {
        isIncomplete = true;
    }

    /** Takes down what is wrong with the config as a whole, if the whole is known. */
    void mistakes(List<Problem> problems) {
        if (isIncomplete) {
            return;
        }
        mistakes.addAll(source.mistakes(problems, sources(), start));
    }

    /** Returns where an exception came from, or else where the definition begins. */
    Place origin(Throwable thrown) {
        return source.origin(thrown).orElse(start);
    }

    SourceMap sources() {
        return new SourceMap(places);
    }

    /** Returns everything that is wrong as one exception; empty if nothing is. */
    public Optional<ScriptMistakes> failure(Throwable cause) {
        if (mistakes.isEmpty()) {
            return Optional.empty();
        }
        mistakes.sort(Comparator.comparingInt(mistake -> mistake.place().line()));
        return Optional.of(new ScriptMistakes(mistakes, cause));
    }
}
