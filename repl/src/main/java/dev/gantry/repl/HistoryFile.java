package dev.gantry.repl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jline.reader.LineReader;

/**
 * Where typed lines are kept between sessions: for their user only, not for ever, and without those that tell a secret.
 */
final class HistoryFile {
    private static final int MOST_LINES = 2_000;

    private HistoryFile() {}

    /** Makes a reader keep its history, if there is a place for it. */
    static void keep(LineReader reader) {
        Path file = place().resolve("history");
        try {
            Files.createDirectories(file.getParent());
            if (!Files.exists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            return; // a session without a memory is one still
        }
        reader.setVariable(LineReader.HISTORY_FILE, file);
        reader.setVariable(LineReader.HISTORY_IGNORE, "*secret *:*secret(*");
        reader.setVariable(LineReader.HISTORY_SIZE, MOST_LINES);
        reader.setVariable(LineReader.HISTORY_FILE_SIZE, MOST_LINES);
    }

    private static Path place() {
        String state = System.getenv("XDG_STATE_HOME");
        return state != null && state.startsWith("/")
                ? Path.of(state, "gantry")
                : Path.of(System.getProperty("user.home"), ".local", "state", "gantry");
    }
}
