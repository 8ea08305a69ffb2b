package dev.gantry.dsl.word;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method a word of the language. Messages, help, completion and the manual read it, and it is the first
 * sentence of the method's own documentation; of several methods with one name, one has it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Keyword {
    /** Returns what the word does: one line, third person. */
    String value();

    /** Returns one statement that uses the word, as a script would. */
    String example();

    /** Returns what holds if the word is not written; empty if nothing is to be said of it. */
    String byDefault() default "";

    /** Returns the version of Gantry that had the word first. */
    String since() default "0.1";
}
