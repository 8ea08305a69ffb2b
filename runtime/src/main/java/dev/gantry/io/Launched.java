package dev.gantry.io;

import dev.gantry.kernel.Fd;
import java.util.Optional;

/**
 * A process that was launched. The descriptors are the receiver's.
 *
 * @param console the host side of its terminal, if it has one
 */
public record Launched(int pid, Fd pidfd, Optional<Fd> console) {}
