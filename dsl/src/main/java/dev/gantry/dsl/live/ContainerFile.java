package dev.gantry.dsl.live;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.value.RootFiles;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A file of a running container, by its path as the container sees it. Texts are UTF-8. */
public final class ContainerFile {
    private final RootFiles root;
    private final String path;

    ContainerFile(RootFiles root, String path) {
        this.root = root;
        this.path = path;
    }

    /** Returns the whole content. */
    public String getText() {
        return new String(getBytes(), StandardCharsets.UTF_8);
    }

    /** Returns the content line by line. */
    public List<String> getLines() {
        return getText().lines().toList();
    }

    /** Returns the whole content. */
    public byte[] getBytes() {
        return root.read(path);
    }

    /** Writes the whole content; the file is made if there is none. */
    public void setText(String text) {
        setBytes(utf8(text));
    }

    /** Writes the whole content; the file is made if there is none. */
    public void setBytes(byte[] bytes) {
        root.write(path, stream(bytes));
    }

    /** Appends a text: {@code box.fs['/log'] << 'more'}. */
    public ContainerFile leftShift(String text) {
        return leftShift(utf8(text));
    }

    /** Appends bytes. */
    public ContainerFile leftShift(byte[] bytes) {
        root.append(path, stream(bytes));
        return this;
    }

    private static byte[] utf8(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private InputStream stream(byte[] bytes) {
        if (bytes == null) {
            throw new ContainerException(ErrorKind.CONFIG, "write `%s`: the content is null".formatted(path));
        }
        return new ByteArrayInputStream(bytes);
    }

    /** Returns whether there is anything. */
    public boolean exists() {
        return root.exists(path);
    }

    /** Returns whether it is a directory. */
    public boolean isDirectory() {
        return root.isDirectory(path);
    }

    /** Returns the names in a directory, sorted. */
    public List<String> list() {
        return root.list(path);
    }

    /** Makes a directory, with those above it that are missing. */
    public void mkdirs() {
        root.makeDirectories(path);
    }

    /** Removes the file or the empty directory. */
    public void delete() {
        root.delete(path);
    }

    @Override
    public String toString() {
        return path;
    }
}
