package dev.gantry.value;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;

/** A hook did not succeed. */
public final class HookFailure extends ContainerException {
    private static final long serialVersionUID = 1L;

    /** @param cause may be null */
    public HookFailure(String operation, String text, Throwable cause) {
        super(operation, ErrorKind.HOOK, text, null, cause);
    }
}
