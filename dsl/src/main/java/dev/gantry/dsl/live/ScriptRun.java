package dev.gantry.dsl.live;

import dev.gantry.error.ContainerException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** One run of one script: what its words act on. */
public interface ScriptRun extends Session {
    /** Lets the words of a script act on this run; called before the script is run. */
    default void attachTo(CtrScript script) {
        CtrScript.attach(script, this);
    }

    /** Returns what the script defines. */
    ScriptDefinitions definitions();

    /** Returns the arguments that follow the file on the command line. */
    List<String> args();

    /**
     * Returns the value of a parameter.
     *
     * @param options the named arguments of {@code param}
     * @throws ContainerException if it is neither given nor has a default, or is none of the type
     */
    Object param(String name, Map<String, ?> options);

    /**
     * Hides a text in everything that is written from now on.
     *
     * @throws dev.gantry.error.ConfigException if it is blank
     */
    void hide(String text);

    /**
     * Runs another script as a part of this one.
     *
     * @return the containers that it has defined, by id
     * @throws ContainerException if it includes itself
     */
    Map<String, LiveContainer> include(String path);

    /**
     * Runs branches at the same time and waits for all; returns what each has returned, by name.
     *
     * @param failFast whether the first failure ends the other branches
     * @throws ContainerException with the failures of all that failed
     */
    Map<String, Object> parallel(Map<String, Callable<?>> branches, boolean failFast);

    /** Runs a block under a name, which reports show; returns what the block returns. */
    <T> T step(String name, Callable<T> body);

    /** Runs a block again until it does not fail, so many times at most, with a warning for each time that it does. */
    <T> T retry(int times, Callable<T> body);

    /** Lets the user look about, if there is one; blocks until the user has. */
    void breakpoint(CtrScript script, Map<String, ?> variables);
}
