package dev.gantry.proc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the kernel's tables of TCP sockets, proc_pid_net(5). */
public final class ListeningPorts {
    private static final String LISTEN = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int HEX = 16;

    private ListeningPorts() {}

    /** Returns the ports that are listened on; none if there is no such table. */
    public static List<Integer> read(Path table) {
        try {
            return Files.readAllLines(table).stream()
                    .skip(1)
                    .map(line -> line.strip().split("\\s+"))
                    .filter(fields -> fields[STATE].equals(LISTEN))
                    .map(fields -> fields[LOCAL_ADDRESS])
                    .map(address -> Integer.parseInt(address.substring(address.indexOf(':') + 1), HEX))
                    .toList();
        } catch (IOException e) {
            return List.of(); // IPv6 may be switched off, and the process may be gone
        }
    }
}
