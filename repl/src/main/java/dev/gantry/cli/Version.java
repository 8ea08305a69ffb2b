package dev.gantry.cli;

import dev.gantry.oci.OciDefaults;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What this build calls itself. */
final class Version {
    private Version() {}

    static void print(PrintStream out) {
        Properties build = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("build.properties")) {
            build.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.printf("gantry version %s%n", build.getProperty("version"));
        out.printf("commit: %s%n", build.getProperty("commit"));
        out.printf("spec: %s%n", OciDefaults.OCI_VERSION);
    }
}
