package dev.gantry.spock;

import dev.gantry.fixture.FixtureScope;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.spockframework.runtime.extension.ExtensionAnnotation;

/**
 * Puts a running container, or a pod, into a field of a specification:
 *
 * <pre>{@code
 * @Ctr({ process { args 'sleep', '60' } }) LiveContainer box
 * @Ctr(file = 'web.ctr.groovy', name = 'db', ready = { port 5432 }) @Shared LiveContainer db
 * }</pre>
 *
 * <p>It runs before {@code setup} and is deleted after {@code cleanup}, for each iteration of a feature; that of a
 * {@code @Shared} field before {@code setupSpec} and after {@code cleanupSpec}. Without a block and a file it is a view
 * of this machine that waits.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@ExtensionAnnotation(CtrExtension.class)
public @interface Ctr {
    /** Returns the block of the container's definition, or a class that is a {@code Consumer<ContainerDsl>}. */
    Class<?> value() default Void.class;

    /** Returns a {@code .ctr.groovy} file that defines the container or pod, relative to the working directory. */
    String file() default "";

    /** Returns the name of the container or pod in the file; not needed if it defines one only. */
    String name() default "";

    /** Returns a block with the words of {@code waitFor}, all of which must be true at the start. */
    Class<?> ready() default Void.class;

    /** Returns the names of fields whose containers are ready before this one is started. */
    String[] dependsOn() default {};

    /** Returns how long the container lives. */
    FixtureScope scope() default FixtureScope.FIELD;
}
