package dev.gantry.dsl.compile;

import dev.gantry.dsl.source.ScriptSource;
import dev.gantry.value.ExecResult;
import groovy.lang.GroovyObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Compiled scripts by their text: the second run of an unchanged script does not start the compiler, which takes most
 * of the time that a short script takes.
 *
 * <p>What is here runs as the user, so the directory is used only if nobody else can put anything into it: it and all
 * directories above it belong to the user or to root, and only they can write to them. A cache that cannot be used is
 * as good as an empty one; no error comes from here.
 */
final class ScriptCache {
    private static final int MOST_ENTRIES = 200;
    private static final Integer ROOT = 0;
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int DIGEST_BYTES = 32;

    private final Path dir;
    private final Path top;
    private final String version;

    /**
     * Creates a cache.
     *
     * @param dir made when it is needed
     * @param top where the directories begin that others must not be able to write to; real
     * @param version of everything that a compiled script depends on but its text
     */
    ScriptCache(Path dir, Path top, String version) {
        this.dir = dir;
        this.top = top;
        this.version = version;
    }

    /** Returns the cache in the user's home; empty where Gantry does not run from jars, as in its own tests. */
    static Optional<ScriptCache> ofUser() {
        try {
            StringBuilder version = new StringBuilder(System.getProperty("java.specification.version"));
            for (Class<?> type : List.of(ScriptCache.class, ExecResult.class, GroovyObject.class)) {
                Path jar = Path.of(
                        type.getProtectionDomain().getCodeSource().getLocation().toURI());
                if (!Files.isRegularFile(jar)) {
                    return Optional.empty();
                }
                version.append(' ').append(Files.size(jar)).append(' ').append(Files.getLastModifiedTime(jar));
            }
            return Optional.of(new ScriptCache(home().resolve("gantry/scripts"), Path.of("/"), version.toString()));
        } catch (IOException | URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Path home() {
        String named = System.getenv("XDG_CACHE_HOME");
        boolean usable = named != null && named.startsWith("/");
        return usable ? Path.of(named) : Path.of(System.getProperty("user.home"), ".cache");
    }

    /** Returns a script that was compiled before. */
    Optional<CompiledScript> find(ScriptSource source) {
        Path file = file(source);
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || !isSafe() || !isOnlyOurs(file)) {
                return Optional.empty();
            }
            byte[] entry = Files.readAllBytes(file);
            int end = Math.max(0, entry.length - DIGEST_BYTES);
            byte[] script = Arrays.copyOf(entry, end);
            if (!Arrays.equals(digest(script), Arrays.copyOfRange(entry, end, entry.length))) {
                return Optional.empty(); // damaged, and written again when the script has been compiled
            }
            return Optional.of(CompiledScript.read(new DataInputStream(new ByteArrayInputStream(script))));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Keeps a compiled script. */
    void store(ScriptSource source, CompiledScript script) {
        try {
            Files.createDirectories(
                    dir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            if (!isSafe()) {
                return;
            }
            ByteArrayOutputStream entry = new ByteArrayOutputStream();
            script.write(new DataOutputStream(entry));
            entry.write(digest(entry.toByteArray()));
            Path temporary = Files.createTempFile(dir, "new", null);
            Files.write(temporary, entry.toByteArray());
            Files.move(temporary, file(source), StandardCopyOption.ATOMIC_MOVE);
            forgetOldest();
        } catch (IOException e) {
            return; // compiled again the next time
        }
    }

    private Path file(ScriptSource source) {
        String key = String.join("\0", version, source.name(), source.text());
        return dir.resolve(HexFormat.of().formatHex(digest(key.getBytes(StandardCharsets.UTF_8))));
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    private boolean isSafe() {
        try {
            Path path = dir.toRealPath();
            while (path != null && path.startsWith(top)) {
                if (!isOnlyOurs(path)) {
                    return false;
                }
                path = path.getParent();
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns whether nobody but the user and root can change a file or what is in a directory; follows no link. */
    private static boolean isOnlyOurs(Path path) throws IOException {
        Object me = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        Map<String, Object> status = Files.readAttributes(path, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
        boolean isOurs = status.get("uid").equals(me) || status.get("uid").equals(ROOT);
        return isOurs && ((int) status.get("mode") & WRITABLE_BY_OTHERS) == 0;
    }

    private void forgetOldest() throws IOException {
        try (Stream<Path> entries = Files.list(dir)) {
            List<Path> newestFirst = entries.sorted(Comparator.comparingLong(
                                    (Path entry) -> entry.toFile().lastModified())
                            .reversed())
                    .toList();
            for (Path entry : newestFirst.subList(Math.min(MOST_ENTRIES, newestFirst.size()), newestFirst.size())) {
                Files.deleteIfExists(entry);
            }
        }
    }
}
