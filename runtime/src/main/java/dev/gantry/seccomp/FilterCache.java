package dev.gantry.seccomp;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.slf4j.LoggerFactory;

/**
 * Compiled filters as files: one directory that belongs to the user of this process and is closed to all others, since
 * who can write to it decides what containers may do. One that is not is left alone, and everything works without it.
 *
 * <p>A file holds the rules and the program made of them. It is believed only if its rules are, to the letter, those
 * that are asked for, so a name that two sets of rules share does no harm; and only if its checksum is right, so
 * neither does a file that was torn when the machine went down. (SHA-256 for a name instead would cost a cold JVM 25
 * ms, measured.)
 *
 * <p>Thread-safe, and safe for several processes at once: files appear whole, by rename, and never change.
 */
public final class FilterCache {
    private static final int MOST_FILES = 256;
    private static final int OTHERS = 0077;

    private final Path directory;
    private final int uid;
    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * Creates the cache; its directory is made, in one that exists, when there is something to keep.
     *
     * @param uid the effective user of this process
     */
    public FilterCache(Path directory, int uid) {
        this.directory = directory;
        this.uid = uid;
    }

    /** Returns the program that was kept for these rules. */
    Optional<byte[]> find(byte[] rules) {
        try {
            return isOurs() ? program(Files.readAllBytes(file(rules)), rules) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // not there, nearly always
        }
    }

    /** Keeps a program, if it can; a cache that is full is emptied first. */
    void keep(byte[] rules, byte[] program) {
        try {
            if (Files.notExists(directory, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            if (isOurs()) {
                makeRoom();
                Path next = Files.createTempFile(directory, "filter", ".next");
                Files.write(next, content(rules, program));
                Files.move(next, file(rules), StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            LoggerFactory.getLogger(FilterCache.class)
                    .debug("compiled filter not kept directory={} reason={}", directory, e.toString());
        }
    }

    private Path file(byte[] rules) {
        return directory.resolve(Long.toHexString(checksum(rules, 0)) + "-" + rules.length);
    }

    private static byte[] content(byte[] rules, byte[] program) {
        ByteBuffer content = ByteBuffer.allocate(Long.BYTES + Integer.BYTES + rules.length + program.length);
        content.putLong(0).putInt(rules.length).put(rules).put(program);
        return content.putLong(0, checksum(content.array(), Long.BYTES)).array();
    }

    private static Optional<byte[]> program(byte[] content, byte[] rules) {
        ByteBuffer in = ByteBuffer.wrap(content);
        try {
            boolean whole = in.getLong() == checksum(content, Long.BYTES);
            byte[] found = new byte[whole ? in.getInt() : 0];
            in.get(found);
            byte[] program = new byte[in.remaining()];
            in.get(program);
            return whole && Arrays.equals(found, rules) ? Optional.of(program) : Optional.empty();
        } catch (BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    private static long checksum(byte[] bytes, int from) {
        CRC32 sum = new CRC32();
        sum.update(bytes, from, bytes.length - from);
        return sum.getValue();
    }

    private void makeRoom() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.toList();
        }
        if (files.size() >= MOST_FILES) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    private boolean isOurs() throws IOException {
        Map<String, Object> found =
                Files.readAttributes(directory, "unix:uid,mode,isDirectory", LinkOption.NOFOLLOW_LINKS);
        boolean ours = found.get("uid").equals(uid)
                && found.get("isDirectory").equals(true)
                && ((int) found.get("mode") & OTHERS) == 0;
        if (!ours && !warned.getAndSet(true)) {
            // a logger is made here only: it takes a cold JVM 100 ms, measured
            LoggerFactory.getLogger(FilterCache.class)
                    .warn("seccomp cache left alone, it is open to others directory={}", directory);
        }
        return ours;
    }
}
