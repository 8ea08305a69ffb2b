package dev.gantry.proc;

import dev.gantry.value.RunningProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What {@code /proc} says to people about a process, proc_pid_status(5). */
public final class ProcessStatus {
    private static final long KIB = 1_024;

    private ProcessStatus() {}

    /** Returns a process as it is now; empty if it has ended. */
    public static Optional<RunningProcess> of(int pid) {
        Path dir = Path.of("/proc/" + pid);
        try {
            Map<String, String> status = new HashMap<>();
            for (String line : Files.readAllLines(dir.resolve("status"))) {
                int colon = line.indexOf(':');
                status.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
            String command = Files.readString(dir.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ')
                    .strip();
            String pids = status.getOrDefault("NSpid", String.valueOf(pid));
            return Optional.of(new RunningProcess(
                    pid,
                    Integer.parseInt(pids.substring(pids.lastIndexOf('\t') + 1)),
                    Long.parseLong(status.get("Uid").split("\t")[0]),
                    status.get("State").replaceAll("^. \\(|\\)$", ""),
                    Long.parseLong(status.getOrDefault("VmRSS", "0 kB").split(" ")[0]) * KIB,
                    command.isEmpty() ? status.get("Name") : command));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
