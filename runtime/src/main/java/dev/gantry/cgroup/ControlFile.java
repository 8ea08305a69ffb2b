package dev.gantry.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kernel's ways of writing numbers into control files, cgroups(7); what is not there is empty. */
final class ControlFile {
    /** What {@code max} and numbers beyond 63 bits stand for. */
    static final long UNLIMITED = Long.MAX_VALUE;

    private ControlFile() {}

    static Optional<String> text(String file) {
        try {
            return Optional.of(Files.readString(Path.of(file)).strip());
        } catch (IOException e) {
            return Optional.empty(); // no such controller, or the cgroup is gone
        }
    }

    static List<String> lines(String file) {
        return text(file)
                .filter(text -> !text.isEmpty())
                .map(text -> text.lines().toList())
                .orElse(List.of());
    }

    /** One number; {@code max} is {@link #UNLIMITED}. */
    static Optional<Long> number(String file) {
        return text(file).filter(text -> !text.isEmpty()).map(ControlFile::parse);
    }

    /** Lines of a name and a number. */
    static Map<String, Long> entries(String file) {
        Map<String, Long> entries = new LinkedHashMap<>();
        for (String line : lines(file)) {
            String[] parts = line.split("\\s+");
            if (parts.length == 2 && parts[1].matches("\\d+|max")) {
                entries.put(parts[0], parse(parts[1]));
            }
        }
        return entries;
    }

    static Optional<Long> entry(String file, String name) {
        return Optional.ofNullable(entries(file).get(name));
    }

    static long parse(String number) {
        return number.equals("max") || number.length() > 18 ? UNLIMITED : Long.parseLong(number);
    }
}
