package dev.gantry.dsl.word;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says what messages call the values of a class. */
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Called {
    /** Returns the words with their article, such as {@code a rootfs}. */
    String value();

    /** Returns the name by which scripts declare a variable for it; empty if there is none. */
    String type() default "";
}
