package dev.gantry.cli;

import dev.gantry.host.HostFacts;
import dev.gantry.oci.Mount;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.OciDefaults;
import dev.gantry.oci.codec.OciWriter;
import dev.gantry.plan.Host;
import dev.gantry.repl.Repl;
import dev.gantry.runtime.Gantry;
import dev.gantry.text.Secrets;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the launcher runs once after a build so that the JVM can archive the classes that commands load. Takes a
 * container with the host's programs through its life, in a state root of its own; where the user may make none, the
 * classes of what is refused are all there is to archive.
 */
final class Training {
    private static final String SCRIPT = """
            def box = container('%s') {
                rootfs host()
                hostname 'box'
                process { args 'true'; env A: 'b'; user uid: 1, gid: 1; capabilities { drop 'ALL' } }
                mounts { tmpfs '/x', size: 1.MiB; bind '.', to: '/y', readonly: true }
                resources { memory 64.MiB; cpus 0.5; pids 10 }
            }
            println "defined ${box.id}"
            box.start()
            box.wait()
            """;

    /** Where the host has its programs and their libraries. */
    private static final List<String> PROGRAMS = List.of("/bin", "/lib", "/lib64", "/usr");

    private final PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    private final String id = "gantry-training-" + ProcessHandle.current().pid();
    private final Path dir;

    private Training(Path dir) {
        this.dir = dir;
    }

    /**
     * Runs what begins like the only argument, {@code commands} or {@code scripts}, in a temporary directory; the
     * output goes nowhere.
     */
    public static void main(String[] args) throws IOException {
        Path dir = Files.createTempDirectory("gantry-training");
        try {
            Training training = new Training(dir);
            if (args[0].equals("scripts")) {
                training.scripts();
            } else {
                training.commands();
            }
        } finally {
            try (Stream<Path> walk = Files.walk(dir)) {
                for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private void commands() throws IOException {
        String bundle = bundle(dir.resolve("bundle"), "true");
        String sleeping = bundle(dir.resolve("sleeping"), "sleep", "60");
        run("--version");
        run("--help");
        run("features");
        run("spec", "--bundle", dir.toString());
        run("explain", bundle);
        run("run", "--bundle", bundle, id);
        run("create", "--bundle", sleeping, "--pid-file", dir.resolve("pid").toString(), id);
        run("start", id);
        run("state", id);
        run("list");
        run("list", "--format", "json");
        run("exec", id, "true");
        run("ps", id);
        run("events", "--stats", id);
        run("pause", id);
        run("resume", id);
        run("update", "--pids-limit", "10", id);
        run("kill", id, "KILL");
        run("delete", "--force", id);
        run("state", id);
    }

    private void scripts() throws IOException {
        Path script = Files.writeString(dir.resolve("train.ctr.groovy"), SCRIPT.formatted(id));
        run("check", script.toString());
        run("explain", script.toString());
        run("run", script.toString());
        Gantry none = null;
        new Repl(() -> none, dir, new Secrets())
                .runQuietly(
                        List.of(), new BufferedReader(new StringReader("def a = 1\na + 1\n:list\n")), nowhere, nowhere);
        new Repl(() -> none, dir, new Secrets()).train();
    }

    private void run(String... words) {
        List<String> command =
                new ArrayList<>(List.of("--root", dir.resolve("state").toString()));
        command.addAll(List.of(words));
        new Main(nowhere, nowhere).run(command.toArray(new String[0]));
    }

    private static String bundle(Path dir, String... args) throws IOException {
        Host host = HostFacts.read();
        OciConfig spec = host.uid() == 0 ? OciDefaults.spec() : OciDefaults.rootlessSpec(host.uid(), host.gid());
        List<Mount> mounts = new ArrayList<>(spec.mounts());
        for (String tree : PROGRAMS) {
            if (Files.isDirectory(Path.of(tree))) {
                mounts.add(Mount.builder()
                        .destination(tree)
                        .type("bind")
                        .source(tree)
                        .options(List.of("bind", "ro"))
                        .build());
            }
        }
        OciConfig config = spec.toBuilder()
                .mounts(mounts)
                .process(spec.process().toBuilder()
                        .terminal(false)
                        .args(List.of(args))
                        .build())
                .build();
        Files.createDirectories(dir.resolve("rootfs"));
        Files.writeString(dir.resolve("config.json"), OciWriter.text(config));
        return dir.toString();
    }
}
