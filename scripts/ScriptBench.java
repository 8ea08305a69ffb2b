import dev.gantry.dsl.ScriptRunner;
import dev.gantry.oci.OciWriter;
import dev.gantry.runtime.Definition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Measures what scripts/bench-scripts prints: the compilation of one script that defines many containers. */
public final class ScriptBench {
    private static final int ROUNDS = 15;
    private static final int CONTAINERS = 200;

    public static void main(String[] args) throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < CONTAINERS; i++) {
            text.append("""
                    container('c-%1$d') {
                        rootfs dir('root')
                        hostname 'h%1$d'
                        process { args 'sleep', 'infinity'; env N: '%1$d'; user uid: 1000, gid: 1000 }
                        mounts { tmpfs '/data%1$d', size: 1.MiB }
                        resources { memory 64.MiB; cpus 0.5; pids 32 }
                    }
                    """.formatted(i));
        }
        Path script = Files.writeString(Files.createTempDirectory("bench").resolve("many.ctr.groovy"), text);
        long[] millis = new long[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            Files.writeString(script, "// round " + round + "\n" + text); // no cache knows it
            long begin = System.nanoTime();
            Map<String, Definition> found = ScriptRunner.definitions(script, List.of());
            long bytes = found.values().stream().mapToLong(one -> OciWriter.text(one.config()).length()).sum();
            millis[round] = (System.nanoTime() - begin) / 1_000_000;
            if (found.size() != CONTAINERS || bytes == 0) {
                throw new IllegalStateException("not compiled");
            }
        }
        Files.delete(script);
        Files.delete(script.getParent());
        long first = millis[0];
        Arrays.sort(millis);
        System.out.printf("compile %d containers: first %d ms, median %d ms, best %d ms%n", CONTAINERS, first, millis[ROUNDS / 2], millis[0]);
    }
}
