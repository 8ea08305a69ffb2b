package dev.gantry.cli.command;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.files.IoReason;
import dev.gantry.files.RawPath;
import dev.gantry.files.WholeFile;
import dev.gantry.json.Json;
import dev.gantry.oci.codec.OciReader;
import dev.gantry.value.Definition;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** An OCI bundle: a directory with a {@code config.json}. */
public final class Bundle {
    private static final String CONFIG = "config.json";

    private Bundle() {}

    /** Reads the bundle. */
    public static Definition read(Path bundle) {
        return read(bundle, bundle.resolve(CONFIG));
    }

    /** Reads a config that belongs to the bundle but may have another name. */
    public static Definition read(Path bundle, Path file) {
        return Definition.of(OciReader.parse(bytes(file), RawPath.text(file)), bundle);
    }

    private static byte[] bytes(Path file) {
        try {
            return WholeFile.read(file, Json.MAX_BYTES);
        } catch (NoSuchFileException e) {
            throw new ContainerException(
                    ErrorKind.CONFIG,
                    "read `%s`: no such file or directory (ENOENT)".formatted(RawPath.text(file)),
                    "a bundle is a directory with a `config.json`; `gantry spec` writes one",
                    e);
        } catch (IOException e) {
            throw IoReason.failure("read `%s`".formatted(RawPath.text(file)), e);
        }
    }
}
