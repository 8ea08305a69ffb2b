package dev.gantry.files;

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
import java.util.Objects;
import java.util.Optional;

/** Says why a file could not be used, in the kernel's words: Java's exceptions often say no more than the path. */
public final class IoReason {
    private IoReason() {}

    /** Returns whether the caller's rights did not suffice. */
    public static boolean isDenied(IOException e) {
        return e instanceof AccessDeniedException;
    }

    /** Returns the failure of what was tried, such as ``read `x` ``, with its reason. */
    public static ContainerException failure(String what, IOException e) {
        return new ContainerException(ErrorKind.IO, "%s: %s".formatted(what, of(e)), e);
    }

    /** Returns the failure of what was tried for a launch, such as {@code create `web`}; {@code what} may be null. */
    public static ContainerException failure(String operation, String what, IOException e) {
        return new ContainerException(
                operation, ErrorKind.IO, what == null ? of(e) : "%s: %s".formatted(what, of(e)), null, e);
    }

    /** Returns the kernel's error; empty if it was none of the kernel's, or the exception does not tell. */
    public static Optional<Errno> errno(IOException e) {
        if (e instanceof NoSuchFileException) {
            return Optional.of(Errno.ENOENT);
        } else if (e instanceof AccessDeniedException) {
            return Optional.of(Errno.EACCES);
        } else if (e instanceof FileAlreadyExistsException) {
            return Optional.of(Errno.EEXIST);
        } else if (e instanceof DirectoryNotEmptyException) {
            return Optional.of(Errno.ENOTEMPTY);
        } else if (e instanceof NotDirectoryException) {
            return Optional.of(Errno.ENOTDIR);
        }
        return Errno.saying(words(e));
    }

    /** Returns a text in lower case, with the error's name where it is known. */
    public static String of(IOException e) {
        if (e instanceof CharacterCodingException) {
            return "not UTF-8 text";
        }
        String words = words(e);
        if (words.isEmpty()) {
            return e.getClass().getSimpleName();
        }
        return errno(e).map(Errno::describe)
                .orElseGet(() -> words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1));
    }

    private static String words(IOException e) {
        String reason = e instanceof FileSystemException known ? known.getReason() : null;
        return Objects.requireNonNullElse(reason == null ? e.getMessage() : reason, "");
    }
}
