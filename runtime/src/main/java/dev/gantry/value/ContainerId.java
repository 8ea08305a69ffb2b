package dev.gantry.value;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.Shown;
import java.util.regex.Pattern;

/** What a container may be called. */
public final class ContainerId {
    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_+-][a-zA-Z0-9_+.-]*");
    private static final int MOST_ID_CHARACTERS = 1024;

    private ContainerId() {}

    /**
     * Does nothing if a container may have this id.
     *
     * @throws ContainerException of kind CONFIG if none may
     */
    public static void check(String id) {
        if (!isValid(id)) {
            throw new ContainerException(
                    ErrorKind.CONFIG,
                    "invalid container ID format: `%s`".formatted(Shown.shortened(id)),
                    "at most %d letters, digits and `_+-.`, not beginning with a dot".formatted(MOST_ID_CHARACTERS),
                    null);
        }
    }

    /** Returns whether a container may have this id. */
    public static boolean isValid(String id) {
        return id.length() <= MOST_ID_CHARACTERS && ID.matcher(id).matches();
    }
}
