package dev.gantry.repl;

import dev.gantry.files.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;

/** The user's own editor, for texts of more than a few lines. */
final class ExternalEditor {
    private ExternalEditor() {}

    /** Blocks until the editor has ended, and returns what was written. */
    static String edit(String text, Terminal terminal) {
        String editor = System.getenv().getOrDefault("VISUAL", System.getenv().getOrDefault("EDITOR", "vi"));
        Attributes before = terminal.getAttributes();
        Path file = null;
        try {
            file = Files.createTempFile("gantry", ".ctr.groovy");
            Files.writeString(file, text);
            int status = new ProcessBuilder("/bin/sh", "-c", editor + " \"$1\"", "sh", file.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new ReplException("`%s` ended with status %d; nothing is evaluated".formatted(editor, status));
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new ReplException("edit with `%s`: %s".formatted(editor, IoReason.of(e)), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReplException("interrupted", e);
        } finally {
            terminal.setAttributes(before);
            delete(file);
        }
    }

    private static void delete(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            return; // in a directory for what may be left behind
        }
    }
}
