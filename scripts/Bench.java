import dev.gantry.error.SourceMap;
import dev.gantry.io.Stdio;
import dev.gantry.kernel.jnr.LinuxKernel;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.codec.OciReader;
import dev.gantry.plan.LaunchOptions;
import dev.gantry.plan.LaunchPlan;
import dev.gantry.plan.RuntimeStep;
import dev.gantry.plan.compile.PlanCompiler;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.Gantry;
import dev.gantry.runtime.GantryOptions;
import dev.gantry.runtime.Internals;
import dev.gantry.value.Definition;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Times Gantry in a warm JVM beside crun, runc and a bare C loop of the same system calls, in turns within one run.
 * Arguments: the bundle, a directory to work in, the yardstick program (bench.c), the init.
 */
public final class Bench {
    private static final int WARM_UP = 300;
    private static final int ROUNDS = 10;
    private static final int EACH = 10;

    private final Map<String, List<Long>> micros = new TreeMap<>();
    private final Path bundle;
    private final Path work;
    private final String yardstick;
    private final String init;

    private Bench(String[] args) {
        this.bundle = Path.of(args[0]);
        this.work = Path.of(args[1]);
        this.yardstick = args[2];
        this.init = args[3];
    }

    public static void main(String[] args) throws Exception {
        new Bench(args).run();
    }

    private void run() throws Exception {
        OciConfig config = OciReader.parse(Files.readAllBytes(bundle.resolve("config.json")), "config.json");
        Definition definition = Definition.of(config, bundle);
        try (Gantry gantry = Gantry.open(GantryOptions.at(work.resolve("state")));
                Stdio stdio = Stdio.none(LinuxKernel.load())) {
            List<String> loop = writeLoop(gantry, config);
            Container sleeper = Internals.start(gantry, "bench-sleeper", sleeping(definition), stdio);
            for (int i = 0; i < WARM_UP; i++) {
                container(gantry, definition, stdio);
                exec(sleeper);
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < EACH; i++) {
                    time("run: gantry, warm JVM", () -> container(gantry, definition, stdio));
                }
                external("run: bare C loop", loop);
                external("run: crun", command("crun"));
                external("run: runc", command("runc"));
                for (int i = 0; i < EACH; i++) {
                    time("exec: gantry, warm JVM", () -> exec(sleeper));
                }
                external("exec: crun", List.of(yardstick, "run", "" + EACH, "crun", "exec", "bench-crun", "/bin/true"));
                external("exec: runc", List.of(yardstick, "run", "" + EACH, "runc", "exec", "bench-runc", "/bin/true"));
            }
            sleeper.deleteForcibly();
        }
        print();
    }

    private List<String> command(String runtime) {
        return List.of(
                yardstick, "run", "" + EACH, runtime, "run", "--bundle", bundle.toString(), "bench-run-" + runtime);
    }

    private static Definition sleeping(Definition definition) {
        OciConfig config = definition.config();
        return Definition.of(
                config.toBuilder()
                        .process(config.process().toBuilder().args(List.of("/bin/sleep", "1000")).build())
                        .build(),
                definition.bundle());
    }

    private static void container(Gantry gantry, Definition definition, Stdio stdio) {
        Container container = Internals.start(gantry, "bench-run", definition, stdio);
        container.waitFor();
        container.delete();
    }

    private static void exec(Container container) {
        container.exec("/bin/true").check();
    }

    /** Writes down what the runtime would do, for the loop in C. */
    private List<String> writeLoop(Gantry gantry, OciConfig config) throws Exception {
        LaunchOptions options = LaunchOptions.of("bench-loop", bundle.toString(), work + "/loop/rootfs");
        LaunchPlan plan = PlanCompiler.compile(config, SourceMap.NONE, Internals.host(gantry), options);
        ByteBuffer bytes = plan.toBytes(OptionalInt.empty());
        byte[] content = new byte[bytes.remaining()];
        bytes.get(content);
        Path planFile = Files.write(work.resolve("plan"), content);
        List<String> tasks = new ArrayList<>();
        for (int i = 0; i < plan.preparation(); i++) {
            if (plan.steps().get(i).step() instanceof RuntimeStep.MakeCgroup make) {
                tasks.add("mkdir " + make.dir());
                if (make.hierarchy().has("cpuset") && !make.hierarchy().unified()) {
                    for (String file : List.of("/cpuset.cpus", "/cpuset.mems")) {
                        Path parent = Path.of(make.dir()).getParent();
                        String value = Files.readString(Path.of(parent + file)).strip();
                        tasks.add("write " + make.dir() + file + " " + value);
                    }
                }
            } else if (plan.steps().get(i).step() instanceof RuntimeStep.WriteCgroup write) {
                tasks.add("write " + write.file() + " " + write.value());
            }
        }
        Path taskFile = Files.writeString(work.resolve("tasks"), String.join("\n", tasks) + "\n");
        return List.of(
                yardstick, "loop", "" + EACH, init, planFile.toString(), taskFile.toString(),
                work.resolve("loop").toString());
    }

    private void time(String what, Runnable action) {
        long begin = System.nanoTime();
        action.run();
        add(what, (System.nanoTime() - begin) / 1000);
    }

    private void external(String what, List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<String> lines = new String(process.getInputStream().readAllBytes()).lines().toList();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " failed");
        }
        lines.forEach(line -> add(what, Long.parseLong(line)));
    }

    private void add(String what, long value) {
        micros.computeIfAbsent(what, w -> new ArrayList<>()).add(value);
    }

    private void print() {
        System.out.printf("%-26s %12s %12s %8s%n", "what (/bin/true)", "median us", "p90 us", "runs");
        micros.forEach((what, values) ->
                System.out.printf("%-26s %12d %12d %8d%n", what, at(what, 0.5), at(what, 0.9), values.size()));
        System.out.println();
        ratio("run", "crun", 0.5);
        ratio("run", "runc", 0.2);
        ratio("run", "bare C loop", 1.6);
        ratio("exec", "crun", 0.5);
    }

    private void ratio(String verb, String peer, double budget) {
        double ratio = (double) at(verb + ": gantry, warm JVM", 0.5) / at(verb + ": " + peer, 0.5);
        System.out.printf("%-4s gantry / %-12s %5.2f   budget %.1f%n", verb, peer, ratio, budget);
    }

    private long at(String what, double quantile) {
        List<Long> sorted = micros.get(what).stream().sorted().toList();
        return sorted.get((int) (quantile * (sorted.size() - 1)));
    }
}
