package dev.gantry.runtime;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;

/** Says why a file could not be used, in the kernel's words: Java's exceptions often say no more than the path. */
public final class IoReason {
    private IoReason() {}

    /** Returns a text in lower case, with the error's name where it is known. */
    public static String of(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or directory (ENOENT)";
        } else if (e instanceof AccessDeniedException) {
            return "permission denied (EACCES)";
        } else if (e instanceof FileAlreadyExistsException) {
            return "file exists (EEXIST)";
        } else if (e instanceof DirectoryNotEmptyException) {
            return "directory not empty (ENOTEMPTY)";
        } else if (e instanceof NotDirectoryException) {
            return "not a directory (ENOTDIR)";
        }
        boolean knows = e instanceof FileSystemException known && known.getReason() != null;
        String reason = knows ? ((FileSystemException) e).getReason() : String.valueOf(e.getMessage());
        return switch (reason) {
            case "Read-only file system" -> "read-only file system (EROFS)";
            case "Is a directory" -> "is a directory (EISDIR)";
            default ->
                reason.substring(0, Math.min(1, reason.length())).toLowerCase(Locale.ROOT)
                        + reason.substring(Math.min(1, reason.length()));
        };
    }
}
