package dev.gantry.spec;

import dev.gantry.dsl.Definitions;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.oci.Process;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.Gantry;
import dev.gantry.runtime.GantryOptions;
import dev.gantry.value.Definition;
import dev.gantry.value.ExecIo;
import dev.gantry.value.ExecResult;
import dev.gantry.value.Output;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The code that docs/java.md shows, compiled and run as it stands there. */
final class Embedding {
    private Embedding() {}

    // one
    static int run(Path stateRoot, OutputStream out) {
        Definition hello = Definitions.container("hello", c -> {
            c.hostname("hello");
            c.process(p -> p.args("sh", "-c", "echo I am $(hostname)"));
            c.resources(r -> r.memory("64 MiB"));
        });
        try (Gantry gantry = Gantry.open(GantryOptions.at(stateRoot))) {
            ExitStatus status = gantry.run("hello", hello, out, OutputStream.nullOutputStream());
            return status.shell();
        }
    }

    // two
    static List<String> use(Path stateRoot) {
        Definition idle = Definitions.container("box", c -> c.namespaces(n -> n.network("host")));
        try (Gantry gantry = Gantry.open(GantryOptions.at(stateRoot))) {
            Container box = gantry.start("box", idle);
            try {
                box.root().write("/tmp/in", new ByteArrayInputStream("hello".getBytes(StandardCharsets.UTF_8)));
                Process wc = box.processFor(List.of("wc", "-c", "/tmp/in"));
                ExecResult counted = box.exec(wc, ExecIo.DEFAULT.within(Duration.ofSeconds(10)));
                return counted.check().lines();
            } finally {
                box.deleteForcibly();
            }
        }
    }

    // three
    static ExitStatus log(Path stateRoot, OutputStream log) {
        String script = "echo out; echo err >&2";
        Definition noisy = Definitions.container("noisy", c -> c.process(p -> p.args("sh", "-c", script)));
        try (Gantry gantry = Gantry.open(GantryOptions.at(stateRoot))) {
            Container container = gantry.start("noisy", noisy, Output.to(log));
            try {
                return container.waitFor().orElseThrow();
            } finally {
                container.deleteForcibly();
            }
        }
    }
    // end
}
