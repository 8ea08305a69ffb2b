package dev.gantry.dsl.word;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names a class whose {@link Keyword} methods are words of the language. They are written without naming an object, in
 * the block's braces. The script itself, whose words are written outside of all braces, needs no name.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Block {
    /** Returns what stands before the brace; messages begin with it. */
    String value();

    /** Returns whether the class is no block after all: its words follow a dot, as in {@code box.start()}. */
    boolean afterDot() default false;
}
