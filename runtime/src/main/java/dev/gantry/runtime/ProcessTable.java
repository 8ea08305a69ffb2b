package dev.gantry.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What {@code /proc} says about processes, proc_pid_stat(5). */
final class ProcessTable {
    private static final int STATE = 0; // counted from behind the command's name, which may contain anything
    private static final int START_TIME = 19;

    private static final String UNIFIED = "0::";

    private ProcessTable() {}

    /** Returns when the process started, in clock ticks since boot; empty if there is none, or only its remains. */
    static OptionalLong startTime(int pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            boolean dead = fields[STATE].equals("Z") || fields[STATE].equals("X");
            return dead ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(fields[START_TIME]));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** Returns the process's cgroup v2 as this process sees it; empty if it is gone, or the kernel has no cgroup v2. */
    static Optional<String> unifiedCgroup(int pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/cgroup"))) {
            return lines.filter(line -> line.startsWith(UNIFIED))
                    .map(line -> line.substring(UNIFIED.length()))
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** Returns the process's pid as it sees it itself, in the innermost pid namespace; empty if it is gone. */
    static OptionalInt pidInside(int pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("NSpid:"))
                    .mapToInt(line -> Integer.parseInt(line.substring(line.lastIndexOf('\t') + 1)))
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return OptionalInt.empty();
        }
    }

    /** Answers whether the process that had this pid at that time still runs. */
    static boolean isAlive(int pid, long startTime) {
        OptionalLong found = pid == 0 ? OptionalLong.empty() : startTime(pid);
        return found.isPresent() && found.getAsLong() == startTime;
    }
}
