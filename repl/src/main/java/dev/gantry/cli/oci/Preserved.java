package dev.gantry.cli.oci;

import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.UsageException;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.kernel.Fd;
import dev.gantry.oci.Process;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Descriptors of the caller from 3 on that a new process keeps under the same numbers: those of {@code --preserve-fds},
 * and before them those of socket activation, sd_listen_fds(3).
 *
 * @param listening how many are sockets of socket activation
 */
record Preserved(int count, int listening) {
    private static final int FIRST = 3;

    /** The first number that was free when the launcher began: the JVM opens files of its own before we can look. */
    private static final String FREE = "gantry.fds";

    /** @throws ContainerException if one of them is not open */
    static Preserved of(Invocation in, Map<String, String> environment) {
        int listening = listening(environment);
        int count = listening + number("preserve-fds", in.value("preserve-fds", "0"));
        int free = Integer.getInteger(FREE, FIRST);
        if (FIRST + count > free) {
            throw new ContainerException(
                    ErrorKind.IO, "preserved descriptor %d: bad file descriptor (EBADF)".formatted(free));
        }
        return new Preserved(count, listening);
    }

    /** What was meant for another process, or says nothing, counts for nothing, as in sd_listen_fds(3). */
    private static int listening(Map<String, String> environment) {
        String self = Long.toString(ProcessHandle.current().pid()); // the launcher's too, which became the JVM
        String count = environment.getOrDefault("LISTEN_FDS", "");
        return self.equals(environment.get("LISTEN_PID")) && isNumber(count) ? Integer.parseInt(count) : 0;
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d{1,6}");
    }

    private static int number(String name, String text) {
        if (!isNumber(text)) {
            throw new UsageException("invalid value for %s: `%s` is not a number".formatted(name, text));
        }
        return Integer.parseInt(text);
    }

    List<Fd> fds() {
        return IntStream.range(FIRST, FIRST + count).mapToObj(Fd::borrowed).toList();
    }

    /** Returns the process with what it needs to find sockets of socket activation. */
    Process describedTo(Process process) {
        if (listening == 0) {
            return process;
        }
        List<String> env = new ArrayList<>(process.env());
        env.add("LISTEN_FDS=" + listening);
        env.add("LISTEN_PID=1");
        return process.toBuilder().env(env).build();
    }
}
