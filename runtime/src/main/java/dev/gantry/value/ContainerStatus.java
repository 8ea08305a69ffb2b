package dev.gantry.value;

import java.util.Locale;

/** The states of a container, as in the OCI runtime specification. */
public enum ContainerStatus {
    /** It is being made, or its making was cut short. */
    CREATING,
    /** It exists and waits for {@code start}. */
    CREATED,
    /** Its program runs. */
    RUNNING,
    /** All its processes are stopped by the freezer. */
    PAUSED,
    /** Its first process has ended. */
    STOPPED;

    /** Returns the word that the specification uses. */
    public String ociName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
