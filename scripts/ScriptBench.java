import dev.gantry.dsl.ScriptRunner;
import dev.gantry.oci.codec.OciWriter;
import dev.gantry.value.Definition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Measures what scripts/bench-scripts prints: the compilation of scripts that define many containers, in a warm JVM.
 */
public final class ScriptBench {
    private static final int ROUNDS = 15;
    private static final int CONTAINERS = 200;
    private static final String BLOCK = """
            container("c-%1$s") {
                rootfs dir('root')
                hostname "h%1$s"
                process { args 'sleep', 'infinity'; env N: "%1$s"; user uid: 1000, gid: 1000 }
                mounts { tmpfs "/data%1$s", size: 1.MiB }
                resources { memory 64.MiB; cpus 0.5; pids 32 }
            }
            """;

    private final Path dir;

    private ScriptBench(Path dir) {
        this.dir = dir;
    }

    public static void main(String[] args) throws Exception {
        Path dir = Files.createTempDirectory("bench");
        ScriptBench bench = new ScriptBench(dir);
        StringBuilder unrolled = new StringBuilder();
        for (int i = 0; i < CONTAINERS; i++) {
            unrolled.append(BLOCK.formatted(i));
        }
        String loop = "for (int i in 1..%d) {%n%s}%n".formatted(CONTAINERS, BLOCK.formatted("$i"));
        bench.measure("a loop, text never seen", loop, true);
        bench.measure("a loop, text unchanged", loop, false);
        bench.measure("200 blocks, text unchanged", unrolled.toString(), false);
        bench.measure("200 blocks, text never seen", unrolled.toString(), true);
        Files.delete(dir);
    }

    private void measure(String what, String text, boolean fresh) throws Exception {
        Path script = dir.resolve("many.ctr.groovy");
        long[] millis = new long[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            Files.writeString(script, (fresh ? "// %d of %d\n".formatted(round, System.nanoTime()) : "") + text);
            long begin = System.nanoTime();
            Map<String, Definition> found = ScriptRunner.definitions(script, List.of());
            long bytes = found.values().stream().mapToLong(one -> OciWriter.text(one.config()).length()).sum();
            millis[round] = (System.nanoTime() - begin) / 1_000_000;
            if (found.size() != CONTAINERS || bytes == 0) {
                throw new IllegalStateException("not compiled");
            }
        }
        Files.delete(script);
        long first = millis[0];
        Arrays.sort(millis);
        System.out.printf(
                "compile %d containers, %s: first %d ms, median %d ms, best %d ms%n",
                CONTAINERS, what, first, millis[ROUNDS / 2], millis[0]);
    }
}
