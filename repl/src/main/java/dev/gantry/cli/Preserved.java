package dev.gantry.cli;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.kernel.Fd;
import dev.gantry.oci.Process;
import dev.gantry.wire.Hello;
import dev.gantry.wire.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Descriptors of the caller from 3 on that a new process keeps under the same numbers: those of {@code --preserve-fds},
 * and before them those of socket activation, sd_listen_fds(3).
 *
 * @param listening how many are sockets of socket activation
 */
record Preserved(int count, int listening) {
    private static final int FIRST = 3;

    /** The numbers that were open when the launcher began: the JVM opens files of its own before we can look. */
    private static final String OPEN = "gantry.fds";

    private static final int MOST = Hello.MOST_SLOTS - Slot.values().length;

    /**
     * @throws UsageException if there are too many
     * @throws ContainerException if one of them is not open
     */
    static Preserved of(Invocation in, Map<String, String> environment) {
        int listening = number("LISTEN_FDS", environment.getOrDefault("LISTEN_FDS", "0"));
        int count = listening + number("preserve-fds", in.value("preserve-fds", "0"));
        if (count > MOST) {
            throw new UsageException("at most %d descriptors can be preserved".formatted(MOST));
        }
        Set<String> open = Set.of(System.getProperty(OPEN, "").split(","));
        IntStream.range(FIRST, FIRST + count)
                .filter(number -> !open.contains(Integer.toString(number)))
                .findFirst()
                .ifPresent(number -> {
                    throw new ContainerException(
                            ErrorKind.IO, "preserved descriptor %d: bad file descriptor (EBADF)".formatted(number));
                });
        return new Preserved(count, listening);
    }

    private static int number(String name, String text) {
        if (!text.matches("\\d{1,6}")) {
            throw new UsageException("invalid value for %s: `%s` is not a number".formatted(name, text));
        }
        return Integer.parseInt(text);
    }

    List<Fd> fds() {
        return IntStream.range(FIRST, FIRST + count).mapToObj(Fd::borrowed).toList();
    }

    /** Returns the process with what it needs to find sockets of socket activation. */
    Process told(Process process) {
        if (listening == 0) {
            return process;
        }
        List<String> env = new ArrayList<>(process.env());
        env.add("LISTEN_FDS=" + listening);
        env.add("LISTEN_PID=1");
        return process.toBuilder().env(env).build();
    }
}
