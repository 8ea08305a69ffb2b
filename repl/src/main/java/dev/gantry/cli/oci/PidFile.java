package dev.gantry.cli.oci;

import dev.gantry.files.IoReason;
import dev.gantry.files.RawPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/** The file by which a caller learns a pid: decimal, without a line end, whole from the moment it exists. */
final class PidFile {
    private PidFile() {}

    /** A device or a fifo is written to: replacing it would take somebody's node away, `/dev/null` for one. */
    static void write(String file, int pid) {
        Path target = RawPath.here(file).toAbsolutePath();
        Path next = RawPath.resolve(target.getParent(), "." + RawPath.text(target.getFileName()) + ".next");
        try {
            if (isNode(target)) {
                Files.writeString(target, Integer.toString(pid), StandardOpenOption.WRITE);
                return;
            }
            Files.deleteIfExists(next);
            try {
                Files.writeString(next, Integer.toString(pid), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(next);
            }
        } catch (IOException e) {
            throw IoReason.failure("write pid file `%s`".formatted(file), e);
        }
    }

    private static boolean isNode(Path target) throws IOException {
        return Files.exists(target, LinkOption.NOFOLLOW_LINKS)
                && Files.readAttributes(target, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .isOther();
    }
}
