package dev.gantry.dsl.live;

import groovy.lang.GroovyObjectSupport;
import groovy.lang.MissingMethodException;

/** A block that is no part of a definition. A Groovy object, so that it is asked for words that it does not have. */
abstract class WordsOnly extends GroovyObjectSupport {
    /** Tells whose word is missing; Groovy calls it, and would itself name the closure. */
    public final Object methodMissing(String name, Object arguments) {
        throw new MissingMethodException(name, getClass(), (Object[]) arguments);
    }
}
