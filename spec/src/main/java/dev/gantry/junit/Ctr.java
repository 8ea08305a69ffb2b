package dev.gantry.junit;

import dev.gantry.fixture.FixtureScope;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Puts a running container, or a pod, into a field of a test class:
 *
 * <pre>{@code
 * @Ctr(Sleeper.class) static LiveContainer shared;
 * @Ctr(file = "web.ctr.groovy", name = "db") LiveContainer db;
 * }</pre>
 *
 * <p>It runs before {@code @BeforeEach} and is deleted after {@code @AfterEach}, for each test; that of a static field
 * before {@code @BeforeAll} and after {@code @AfterAll}. Without a class and a file it is a view of this machine that
 * waits. A parameter of a test or of a method of its life cycle gets the container of the only field of its type, or
 * of the field that has its name, if the class is compiled with {@code -parameters}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@ExtendWith(CtrExtension.class)
public @interface Ctr {
    /** Returns a class that is a {@code Consumer<ContainerDsl>}, or in Groovy a block. */
    Class<?> value() default Void.class;

    /** Returns a {@code .ctr.groovy} file that defines the container or pod, relative to the working directory. */
    String file() default "";

    /** Returns the name of the container or pod in the file; not needed if it defines one only. */
    String name() default "";

    /** Returns in Groovy a block with the words of {@code waitFor}, all of which must be true at the start. */
    Class<?> ready() default Void.class;

    /** Returns the names of fields whose containers are ready before this one is started. */
    String[] dependsOn() default {};

    /** Returns how long the container lives. */
    FixtureScope scope() default FixtureScope.FIELD;
}
