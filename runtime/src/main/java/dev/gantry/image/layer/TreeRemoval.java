package dev.gantry.image.layer;

import dev.gantry.files.RawPath;
import dev.gantry.kernel.Entries;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Removes whole trees, by descriptors and through no link. */
public final class TreeRemoval {
    private static final int OWNER_ALL = 0700;
    private static final OpenFlag[] DIRECTORY = {OpenFlag.DIRECTORY, OpenFlag.NOFOLLOW};

    private TreeRemoval() {}

    /** Removes an entry of a directory with all that is in it; nothing happens if there is none. */
    public static void remove(Kernel kernel, Fd directory, String name) throws IOException {
        Entries entries = kernel.entries();
        try {
            if (Node.of(directory, name).filter(Node::isDirectory).isEmpty()) {
                entries.remove(directory, name);
                return;
            }
            entries.permissions(directory, name, OWNER_ALL); // those of an image may keep its owner out
            try (Fd inside = kernel.openAt(directory, name, DIRECTORY)) {
                for (String entry : names(inside)) {
                    remove(kernel, inside, entry);
                }
            }
            entries.removeDirectory(directory, name);
        } catch (KernelException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    static List<String> names(Fd directory) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of(Node.handle(directory) + "/."))) {
            return entries.map(entry -> RawPath.text(entry.getFileName())).toList();
        }
    }
}
