package dev.gantry.error;

/** Says what kind of thing went wrong. Code branches on this, never on the text of a message. */
public enum ErrorKind {
    /** The input is wrong: a {@code config.json}, a script, an option. */
    CONFIG,
    /** No container or image of that name. */
    NOT_FOUND,
    /** The container id is taken. */
    ALREADY_EXISTS,
    /** The container is not in a state that allows the operation. */
    STATE,
    /** The kernel refused a call. */
    KERNEL,
    /** The program to run does not exist; exit status 127. */
    COMMAND_NOT_FOUND,
    /** The program to run exists and cannot be executed; exit status 126. */
    COMMAND_NOT_EXECUTABLE,
    /** A command whose success was asked for failed. */
    COMMAND_FAILED,
    /** A hook failed or ran out of time. */
    HOOK,
    /** An image is damaged, of an unknown format, or cannot be fetched. */
    IMAGE,
    /** This machine lacks what was asked for: a kernel feature, a controller, a program. */
    UNSUPPORTED,
    /** A file of the host could not be read or written. */
    IO,
    /** What is recorded about a container cannot be read. */
    DAMAGED,
    /** A defect of Gantry itself. */
    INTERNAL
}
