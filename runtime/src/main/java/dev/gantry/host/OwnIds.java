package dev.gantry.host;

import dev.gantry.oci.IdMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The ids that this user can map into a user namespace: the user's own id as root, then those that subuid(5) gives. */
public final class OwnIds {
    private OwnIds() {}

    /**
     * Returns the map.
     *
     * @param kind {@code uid} or {@code gid}
     * @param own the effective id; 0 has all ids anyway, and the map is empty
     */
    static List<IdMapping> map(String kind, long own, long uid) {
        if (uid == 0) {
            return List.of();
        }
        List<IdMapping> map = new ArrayList<>(List.of(new IdMapping(0L, own, 1L)));
        if (helper("new%smap".formatted(kind)).isEmpty()) {
            return map;
        }
        long next = 1;
        for (IdMapping range : subordinate(Path.of("/etc/sub" + kind), uid)) {
            map.add(new IdMapping(next, range.hostID(), range.size()));
            next += range.size();
        }
        return map;
    }

    /** Finds a set-uid program that writes id maps. */
    public static Optional<Path> helper(String name) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        return Stream.of(path.split(":"))
                .filter(dir -> dir.startsWith("/"))
                .map(dir -> Path.of(dir, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The lines that name the user or its uid; what cannot be read gives nothing. */
    private static List<IdMapping> subordinate(Path file, long uid) {
        String user = System.getProperty("user.name");
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(line -> line.strip().split(":"))
                    .filter(fields -> fields.length == 3)
                    .filter(fields -> fields[0].equals(user) || fields[0].equals(Long.toString(uid)))
                    .filter(fields -> fields[1].matches("\\d{1,10}") && fields[2].matches("\\d{1,10}"))
                    .map(fields -> new IdMapping(0L, Long.parseLong(fields[1]), Long.parseLong(fields[2])))
                    .filter(range -> range.size() > 0)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
