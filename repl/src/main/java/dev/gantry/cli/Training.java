package dev.gantry.cli;

import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.init.InitBinary;
import dev.gantry.kernel.jnr.LinuxKernel;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the launcher runs once after a build so that the JVM can archive the classes that commands load. Makes no
 * container and needs no privileges.
 */
final class Training {
    private static final String SCRIPT = """
            def box = container('box') {
                rootfs host()
                hostname 'box'
                process { args 'true'; env A: 'b'; user uid: 1, gid: 1; capabilities { drop 'ALL' } }
                mounts { tmpfs '/x', size: 1.MiB; bind '.', to: '/y', readonly: true }
                resources { memory 64.MiB; cpus 0.5; pids 10 }
            }
            println "defined ${box.id}"
            box.start()
            """;

    private Training() {}

    /** Runs commands in a temporary directory; their output goes nowhere. */
    public static void main(String[] args) throws IOException {
        Path dir = Files.createTempDirectory("gantry-training");
        try {
            run(dir);
            kernelCalls();
        } finally {
            try (Stream<Path> walk = Files.walk(dir)) {
                for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static void run(Path dir) throws IOException {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Path script = Files.writeString(dir.resolve("train.ctr.groovy"), SCRIPT);
        String root = dir.resolve("state").toString();
        List<List<String>> commands = List.of(
                List.of("--version"),
                List.of("--help"),
                List.of("spec", "-b", dir.toString()),
                List.of("explain", dir.toString()),
                List.of("explain", script.toString()),
                List.of("--root", root, "list"),
                List.of("--root", root, "list", "--format", "json"),
                List.of("--root", root, "state", "none"),
                List.of("--root", root, "delete", "--force", "none"));
        for (List<String> command : commands) {
            new Main(nowhere, nowhere).run(command.toArray(new String[0]));
        }
    }

    private static void kernelCalls() {
        Kernel kernel = LinuxKernel.load();
        try {
            InitBinary.load(kernel).close();
            kernel.pipe().close();
            kernel.open("/nonexistent", 0, 0).close();
        } catch (KernelException e) {
            return; // what it was to do: load the classes of a refusal
        }
    }
}
