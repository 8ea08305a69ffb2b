package dev.gantry.cli;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The file by which a caller learns a pid: decimal, without a line end, whole from the moment it exists. */
final class PidFile {
    private PidFile() {}

    static void write(String file, int pid) {
        Path target = Path.of(file).toAbsolutePath();
        Path next = target.resolveSibling("." + target.getFileName() + ".next");
        try {
            Files.writeString(next, Integer.toString(pid));
            Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new ContainerException(ErrorKind.IO, "write pid file `%s`: %s".formatted(file, Reason.of(e)), e);
        }
    }
}
