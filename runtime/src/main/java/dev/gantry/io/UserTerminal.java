package dev.gantry.io;

import dev.gantry.kernel.Fd;
import dev.gantry.oci.ConsoleSize;

/** The terminal at which a person sits, as far as a process in a container may have it for a while. */
public interface UserTerminal {
    /** Why a person and a process have parted. */
    enum Parting {
        /** The person left; the process goes on. */
        LEFT,

        /** The process has ended, or has closed its terminal. */
        ENDED
    }

    /** Returns its size now. */
    ConsoleSize size();

    /** Returns what {@code TERM} says of it. */
    String type();

    /** Shows what a process wrote before. */
    void show(byte[] output);

    /**
     * Passes keys to a process and its output back, and tells it of changes of the size. Blocks.
     *
     * @param console the host side of the process's terminal; stays the caller's
     * @param end becomes readable when the process has ended, of which others may keep its terminal open
     */
    Parting lend(Fd console, Fd end);
}
