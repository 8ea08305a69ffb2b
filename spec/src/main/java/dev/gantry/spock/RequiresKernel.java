package dev.gantry.spock;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.spockframework.runtime.extension.ExtensionAnnotation;

/**
 * Skips a specification, with the reason, on a machine that cannot run it; fails it instead where the environment
 * variable {@code GANTRY_MUST_WORK} is {@code 1}, so that a machine that ought to run it never skips it unseen.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtensionAnnotation(RequiresKernelExtension.class)
public @interface RequiresKernel {
    /** Returns whether the specification needs to be run by root. */
    boolean root() default true;

    /** Returns programs that must be on the path, each as {@code program} or {@code program:debian-package}. */
    String[] programs() default {};
}
