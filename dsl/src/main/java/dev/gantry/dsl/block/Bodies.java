package dev.gantry.dsl.block;

import dev.gantry.dsl.source.Span;
import dev.gantry.dsl.word.Wording;
import groovy.lang.Closure;
import groovy.lang.MissingPropertyException;

/** Runs the bodies of blocks: whose words are known in them. */
public final class Bodies {
    private Bodies() {}

    /** Runs a block of a script so that all its words, and no others, are those of the target. */
    public static void configure(DslSupport target, Closure<?> body) {
        try {
            delegate(target, body);
        } catch (MissingPropertyException e) {
            if (e.getType() != target.getClass() && !Closure.class.isAssignableFrom(e.getType())) {
                throw e;
            }
            String text = Wording.property(target.getClass(), e.getProperty());
            Recorder recorder = target.recorder();
            recorder.mistake(recorder.origin(e), Span.of(e.getProperty()), text);
        }
    }

    /** Does the same for a target that is no part of a definition: an unknown name is thrown. */
    public static void delegate(Object target, Closure<?> body) {
        Closure<?> copy = (Closure<?>) body.clone(); // the script's closure stays as it was
        copy.setDelegate(target);
        copy.setResolveStrategy(Closure.DELEGATE_ONLY);
        copy.call(target);
    }

    /** Returns a block that is run later, not by the block around it: its words are those of the script. */
    public static <T> Closure<T> ofScript(Closure<T> body) {
        Object script = body.getThisObject();
        return body.rehydrate(script, script, script);
    }
}
