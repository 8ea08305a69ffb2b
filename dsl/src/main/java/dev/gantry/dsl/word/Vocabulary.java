package dev.gantry.dsl.word;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Lists the blocks of the language, in the class of the script, which is the only one that knows them all. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Vocabulary {
    /** Returns the blocks in the order in which they are explained: the outer ones first. */
    Class<?>[] value();

    /** Returns the types that scripts name without an import, by their {@link Called#type}. */
    Class<?>[] types() default {};
}
