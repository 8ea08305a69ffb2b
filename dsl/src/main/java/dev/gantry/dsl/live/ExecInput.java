package dev.gantry.dsl.live;

import dev.gantry.error.ContainerException;
import dev.gantry.files.IoReason;
import dev.gantry.files.RawPath;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a process is given to read.
 *
 * @param isOpened whether it was opened for the process, and is closed after it
 */
record ExecInput(InputStream stream, boolean isOpened) implements AutoCloseable {
    /**
     * Returns what can be read of a text, bytes, a file here or in a container, a stream, a program of this machine
     * that runs, or the result of a command.
     *
     * @return empty if it is none of these
     * @throws ContainerException if it cannot be read
     */
    static Optional<ExecInput> of(Object source, Session session) {
        if (source instanceof CharSequence text) {
            return inMemory(text.toString().getBytes(StandardCharsets.UTF_8));
        } else if (source instanceof byte[] bytes) {
            return inMemory(bytes);
        } else if (source instanceof CommandResult result) {
            return inMemory(result.getBytes());
        } else if (source instanceof ContainerFile file) {
            return inMemory(file.getBytes());
        } else if (source instanceof File || source instanceof Path) {
            return Optional.of(file(source.toString(), session));
        } else if (source instanceof InputStream stream) {
            return Optional.of(new ExecInput(stream, false));
        } else if (source instanceof Process program) {
            return Optional.of(new ExecInput(program.getInputStream(), false));
        }
        return Optional.empty();
    }

    private static Optional<ExecInput> inMemory(byte[] bytes) {
        return Optional.of(new ExecInput(new ByteArrayInputStream(bytes), false));
    }

    private static ExecInput file(String name, Session session) {
        if (session.isRehearsed()) {
            return new ExecInput(InputStream.nullInputStream(), false); // it may be made before it is read
        }
        Path path = RawPath.of(session.source().resolve(name));
        try {
            if (Files.isDirectory(path)) {
                throw new IOException("is a directory (EISDIR)");
            }
            return new ExecInput(Files.newInputStream(path), true);
        } catch (IOException e) {
            throw IoReason.failure("read `%s`".formatted(RawPath.text(path)), e);
        }
    }

    @Override
    public void close() {
        try {
            if (isOpened) {
                stream.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
