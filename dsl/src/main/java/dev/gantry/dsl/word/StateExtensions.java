package dev.gantry.dsl.word;

import dev.gantry.oci.State;

/** Lets hooks read the state that they receive by properties: {@code state.pid}. */
public final class StateExtensions {
    private StateExtensions() {}

    /** Returns {@link State#id()}. */
    public static String getId(State state) {
        return state.id();
    }

    /** Returns {@link State#pid()}. */
    public static int getPid(State state) {
        return state.pid();
    }

    /** Returns {@link State#status()}. */
    public static String getStatus(State state) {
        return state.status();
    }

    /** Returns {@link State#bundle()}. */
    public static String getBundle(State state) {
        return state.bundle();
    }
}
