package dev.gantry.proc;

import dev.gantry.kernel.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What {@code /proc} says about processes, proc_pid_stat(5). */
public final class ProcessTable {
    private static final int STATE = 0; // counted from behind the command's name, which may contain anything
    private static final int FLAGS = 6;
    private static final int START_TIME = 19;
    private static final long FORKED_ONLY = 0x40; // PF_FORKNOEXEC: it has executed nothing since it was made
    private static final String IDLE = "(gantry-idle)";

    private static final String UNIFIED = "0::";

    private ProcessTable() {}

    /**
     * Returns when the process started, in the machine's clock ticks since boot; empty if there is none, or only its
     * remains.
     */
    public static OptionalLong startTime(int pid) {
        try {
            String[] fields = fields(stat(pid));
            boolean dead = fields[STATE].equals("Z") || fields[STATE].equals("X");
            return dead
                    ? OptionalLong.empty()
                    : OptionalLong.of(BootClock.ofMachine(Long.parseLong(fields[START_TIME])));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * Returns whether a process that {@code gantry-init} made is its program by now, or idles as its plan says; false
     * too if it is gone.
     */
    public static boolean hasBegun(int pid) {
        try {
            String stat = stat(pid);
            return (Long.parseLong(fields(stat)[FLAGS]) & FORKED_ONLY) == 0 || stat.contains(IDLE);
        } catch (IOException e) {
            return false;
        }
    }

    private static String stat(int pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1); // a name has any bytes
    }

    private static String[] fields(String stat) {
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    }

    /** Returns the process's cgroup v2 as this process sees it; empty if it is gone, or the kernel has no cgroup v2. */
    public static Optional<String> unifiedCgroup(int pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/cgroup"))) {
            return lines.filter(line -> line.startsWith(UNIFIED))
                    .map(line -> line.substring(UNIFIED.length()))
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** Returns whether the process is gone, or has a SIGKILL that it has not met yet. */
    public static boolean isKilled(int pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.anyMatch(line -> (line.startsWith("SigPnd:") || line.startsWith("ShdPnd:"))
                    && (Long.parseUnsignedLong(line.substring(line.lastIndexOf('\t') + 1), 16) & Signal.KILL.bit())
                            != 0);
        } catch (IOException | UncheckedIOException e) {
            return true;
        }
    }

    /** Returns the process's pid as it sees it itself, in the innermost pid namespace; empty if it is gone. */
    public static OptionalInt pidInside(int pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("NSpid:"))
                    .mapToInt(line -> Integer.parseInt(line.substring(line.lastIndexOf('\t') + 1)))
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return OptionalInt.empty();
        }
    }

    /** Returns whether the process that had this pid at that time still runs. */
    public static boolean isAlive(int pid, long startTime) {
        OptionalLong found = pid == 0 ? OptionalLong.empty() : startTime(pid);
        return found.isPresent() && BootClock.isSame(found.getAsLong(), startTime);
    }
}
