package dev.gantry.repl;

import dev.gantry.dsl.live.ContainerStats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Shows what a container uses, with small bars; how busy it is can be shown from the second sample on. Not thread-safe.
 */
final class StatsBars {
    private static final int BAR = 20;
    private static final int LEAST_BAR = 4;
    private static final int BESIDE_BAR = 36; // `memory  1000 MiB  1000 MiB  [] 100 %`
    private static final int PERCENT = 100;
    private static final Pattern TOTAL = Pattern.compile("MemTotal:\\s+(\\d+) kB");
    private static final long KIB = 1_024;
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private final Ink ink;
    private ContainerStats before;
    private long beforeNanos;

    StatsBars(Ink ink) {
        this.ink = ink;
    }

    /**
     * Returns a table.
     *
     * @param nanos when the sample was taken, as {@link System#nanoTime} counts
     */
    String text(ContainerStats stats, long nanos) {
        InkTable table = new InkTable(ink, "", "USED", "OF", "");
        boolean limited = stats.memory().limit() < machineMemory();
        long most = limited ? stats.memory().limit() : machineMemory();
        table.row(
                "memory",
                bytes(stats.memory().usage()),
                bytes(most),
                bar(stats.memory().usage() / (double) most));
        int cpus = Runtime.getRuntime().availableProcessors();
        String total = String.format(Locale.ROOT, "%.2f s", stats.cpu().total() / 1e9);
        if (before == null || nanos <= beforeNanos) {
            table.row("cpu", total, "", "");
        } else {
            double busy = (stats.cpu().total() - before.cpu().total()) / (double) (nanos - beforeNanos);
            table.row("cpu", total, cpus == 1 ? "1 CPU" : cpus + " CPUs", bar(busy / cpus));
        }
        boolean unlimited = stats.pids().limit() == Long.MAX_VALUE;
        table.row(
                "pids",
                Long.toString(stats.pids().current()),
                unlimited ? "" : Long.toString(stats.pids().limit()),
                unlimited
                        ? ""
                        : bar(stats.pids().current() / (double) stats.pids().limit()));
        before = stats;
        beforeNanos = nanos;
        return table.text();
    }

    private String bar(double part) {
        double bounded = Math.max(0, Math.min(1, part));
        int length = Math.max(LEAST_BAR, Math.min(BAR, ink.room() - BESIDE_BAR));
        int full = (int) Math.round(bounded * length);
        String drawn = "#".repeat(full);
        String coloured = bounded > 0.9 ? ink.bad(drawn) : bounded > 0.7 ? ink.warm(drawn) : ink.good(drawn);
        return "[%s%s] %3d %%".formatted(coloured, ink.faint("-".repeat(length - full)), Math.round(bounded * PERCENT));
    }

    /** Returns a number of bytes in the unit that suits it: {@code 12.5 MiB}. */
    static String bytes(long count) {
        double value = count;
        int unit = 0;
        while (value >= KIB && unit < UNITS.length - 1) {
            value /= KIB;
            unit++;
        }
        String number = unit == 0
                ? Long.toString(count)
                : String.format(Locale.ROOT, "%.1f", value).replaceFirst("\\.0$", "");
        return number + " " + UNITS[unit];
    }

    private static long machineMemory() {
        try {
            Matcher total = TOTAL.matcher(Files.readString(Path.of("/proc/meminfo")));
            return total.find() ? Long.parseLong(total.group(1)) * KIB : Long.MAX_VALUE;
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }
}
