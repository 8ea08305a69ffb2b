package dev.gantry.runtime;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.kernel.Errno;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
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

    /** Answers whether the caller's rights did not suffice. */
    static boolean isDenied(IOException e) {
        return e instanceof AccessDeniedException;
    }

    /** Returns the failure of what was tried, such as ``read `x` ``, with its reason. */
    public static ContainerException failure(String what, IOException e) {
        return new ContainerException(ErrorKind.IO, "%s: %s".formatted(what, of(e)), e);
    }

    /** Returns a text in lower case, with the error's name where it is known. */
    public static String of(IOException e) {
        if (e instanceof NoSuchFileException) {
            return Errno.ENOENT.describe();
        } else if (e instanceof AccessDeniedException) {
            return Errno.EACCES.describe();
        } else if (e instanceof FileAlreadyExistsException) {
            return Errno.EEXIST.describe();
        } else if (e instanceof DirectoryNotEmptyException) {
            return Errno.ENOTEMPTY.describe();
        } else if (e instanceof NotDirectoryException) {
            return Errno.ENOTDIR.describe();
        } else if (e instanceof CharacterCodingException) {
            return "not UTF-8 text";
        }
        boolean knows = e instanceof FileSystemException known && known.getReason() != null;
        String reason = knows ? ((FileSystemException) e).getReason() : e.getMessage();
        if (reason == null || reason.isEmpty()) {
            return e.getClass().getSimpleName();
        }
        return Errno.saying(reason)
                .map(Errno::describe)
                .orElseGet(() -> reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1));
    }
}
