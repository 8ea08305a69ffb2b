package dev.gantry.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** How many processes of a cgroup the kernel has killed because memory ran out in it. */
public final class OomKills {
    private static final String COUNTER = "oom_kill ";
    private static final List<String> FILES = List.of("memory.events", "memory.oom_control");

    private OomKills() {}

    /** Returns the count in the directories of a cgroup, one a hierarchy; 0 where memory is not counted. */
    public static long of(List<String> dirs) {
        return dirs.stream()
                .flatMap(dir -> FILES.stream().map(file -> Path.of(dir, file)))
                .filter(Files::exists) // most hierarchies have neither, and an exception costs more than a look
                .map(OomKills::in)
                .flatMap(count -> count.isPresent() ? Stream.of(count.getAsLong()) : Stream.empty())
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Returns the count in a control file; empty if it is not there, or has none. */
    public static OptionalLong in(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(COUNTER))
                    .mapToLong(line -> Long.parseLong(line.substring(COUNTER.length())))
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
