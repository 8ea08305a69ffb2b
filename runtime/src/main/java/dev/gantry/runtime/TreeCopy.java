package dev.gantry.runtime;

import dev.gantry.oci.IdMapping;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Copies files and trees between this machine and a container, with permissions and times, and, for root, owners: a file
 * of user 7 here is one of user 7 in the container, whatever that is here. Links in a tree are copied as links, what is
 * named is followed. Directories that are there keep what they are. A link on this machine is never written through, and
 * set-id bits do not come out of a container: whoever is root in there could make root of anybody here.
 */
final class TreeCopy {
    private final ContainerRoot root;
    private final List<IdMapping> users;
    private final List<IdMapping> groups;
    private final boolean keepsOwners;

    /**
     * Creates a copier.
     *
     * @param users as the config says them; null if the container has the ids of this machine
     * @param keepsOwners whether this process may give files away
     */
    TreeCopy(ContainerRoot root, List<IdMapping> users, List<IdMapping> groups, boolean keepsOwners) {
        this.root = root;
        this.users = users;
        this.groups = groups;
        this.keepsOwners = keepsOwners;
    }

    /** Copies a file or a tree into the container. */
    void in(Path source, String path) throws IOException {
        in(source, path, FileStamp.of(source));
    }

    private void in(Path source, String path, FileStamp stamp) throws IOException {
        if (stamp.isLink()) {
            root.replaceWithLink(path, Files.readSymbolicLink(source));
            giveIn(path, stamp);
        } else if (stamp.isDirectory()) {
            boolean isNew = !root.exists(path);
            root.makeDirectories(path);
            for (Path entry : entries(source)) {
                in(entry, path + "/" + entry.getFileName(), FileStamp.of(entry, LinkOption.NOFOLLOW_LINKS));
            }
            if (isNew) {
                giveIn(path, stamp);
                root.change(path, stamp::seal);
            }
        } else {
            requireRegular(stamp, source.toString());
            try (InputStream content = Files.newInputStream(source)) {
                root.write(path, content, false);
            }
            root.change(path, place -> {
                if (keepsOwners) {
                    inside(stamp).own(place);
                }
                stamp.seal(place);
            });
        }
    }

    private void giveIn(String path, FileStamp stamp) {
        if (keepsOwners) {
            root.atEntry("change", path, place -> inside(stamp).own(place, LinkOption.NOFOLLOW_LINKS));
        }
    }

    /** Copies a file or a tree out of the container. */
    void out(String path, Path target) throws IOException {
        out(path, target, root.stamp(path));
    }

    private void out(String path, Path target, FileStamp stamp) throws IOException {
        if (Files.isSymbolicLink(target)) {
            Files.delete(target); // or a link that was copied before would lead the next copy astray
        }
        if (stamp.isLink()) {
            Files.deleteIfExists(target);
            Files.createSymbolicLink(target, root.linkTarget(path));
            giveOut(target, stamp);
        } else if (stamp.isDirectory()) {
            boolean isNew = !Files.exists(target);
            Files.createDirectories(target);
            for (String name : root.list(path)) {
                String entry = path + "/" + name;
                out(entry, target.resolve(name), root.stampOfEntry(entry));
            }
            if (isNew) {
                giveOut(target, stamp);
                stamp.withoutSetIds().seal(target);
            }
        } else {
            requireRegular(stamp, path);
            try (OutputStream out = Files.newOutputStream(target)) {
                root.transfer(path, out);
            }
            giveOut(target, stamp);
            stamp.withoutSetIds().seal(target);
        }
    }

    private void giveOut(Path target, FileStamp stamp) throws IOException {
        if (keepsOwners) {
            stamp.ownedBy(container(users, stamp.uid()), container(groups, stamp.gid()))
                    .own(target, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static void requireRegular(FileStamp stamp, String name) throws IOException {
        if (!stamp.isRegular()) {
            throw new IOException("`%s` is no regular file".formatted(name));
        }
    }

    private static List<Path> entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }

    private FileStamp inside(FileStamp stamp) {
        return stamp.ownedBy(host(users, stamp.uid()), host(groups, stamp.gid()));
    }

    /** Returns the id here of one in the container; that of its root if it has none such. */
    private static int host(List<IdMapping> mappings, int id) {
        return mappings == null || mappings.isEmpty()
                ? id
                : (int) mapped(mappings, id, true)
                        .orElseGet(() -> mapped(mappings, 0, true).orElse(0L))
                        .longValue();
    }

    /** Returns the id in the container of one here; 0 if it has none. */
    private static int container(List<IdMapping> mappings, int id) {
        return mappings == null || mappings.isEmpty()
                ? id
                : (int) mapped(mappings, id, false).orElse(0L).longValue();
    }

    private static Optional<Long> mapped(List<IdMapping> mappings, long id, boolean outwards) {
        for (IdMapping mapping : mappings) {
            long from = outwards ? mapping.containerID() : mapping.hostID();
            long to = outwards ? mapping.hostID() : mapping.containerID();
            if (id >= from && id < from + mapping.size()) {
                return Optional.of(to + id - from);
            }
        }
        return Optional.empty();
    }
}
