package dev.gantry.io;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;

/** A launch was given up, and its process killed, because its time was out before the program ran. */
public final class OverdueLaunch extends ContainerException {
    private static final long serialVersionUID = 1L;

    public OverdueLaunch(String operation) {
        super(operation, ErrorKind.STATE, "its time was out before the program ran");
    }
}
