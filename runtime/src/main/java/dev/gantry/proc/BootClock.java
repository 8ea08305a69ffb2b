package dev.gantry.proc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The offset of this process's time namespace. The kernel adds it to the start times in {@code /proc/PID/stat}, so the
 * same process seems to have started at another time to a process in another namespace, time_namespaces(7).
 */
final class BootClock {
    private static final long TICKS_A_SECOND = 100; // USER_HZ, part of the kernel's interface
    private static final long NANOS_A_TICK = 10_000_000;
    private static final long OFFSET = offset("/proc/self/timens_offsets");

    private BootClock() {}

    /** Returns the ticks since boot as the machine counts them, from those that the kernel shows this process. */
    static long ofMachine(long ticks) {
        return ticks - OFFSET;
    }

    /** Returns whether two are of one moment; an offset that is no whole tick is rounded. */
    static boolean isSame(long first, long second) {
        return Math.abs(first - second) <= 1;
    }

    /** In ticks; 0 where the kernel has no time namespaces. */
    static long offset(String file) {
        try {
            for (String line : Files.readAllLines(Path.of(file))) {
                String[] words = line.strip().split("\\s+");
                if (words[0].equals("boottime")) {
                    return Long.parseLong(words[1]) * TICKS_A_SECOND + Long.parseLong(words[2]) / NANOS_A_TICK;
                }
            }
            return 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
