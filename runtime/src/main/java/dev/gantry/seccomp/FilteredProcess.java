package dev.gantry.seccomp;

import dev.gantry.error.ConfigException;
import dev.gantry.error.Problem;
import dev.gantry.json.Json;
import dev.gantry.json.JsonObjectBuilder;
import dev.gantry.oci.State;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What an agent receives about a process with a filter: the {@code ContainerProcessState} of the OCI specification.
 *
 * @param pid of the process, as the host sees it
 * @param metadata what the profile wants the agent to know; null if nothing
 * @param state of the container, {@code creating} while its first process is made
 */
public record FilteredProcess(int pid, String metadata, State state) {
    /** The name by which the specification calls the listener among the descriptors of the message. */
    private static final String LISTENER = "seccompFd";

    /** Agents read into a buffer of 4096 bytes and would take a longer state for a damaged one. */
    private static final int MOST_BYTES = 4095;

    /** @throws ConfigException if the annotations make it too long for an agent */
    byte[] toJson() {
        byte[] json = Json.compact(new JsonObjectBuilder()
                        .string("ociVersion", state.ociVersion())
                        .strings("fds", List.of(LISTENER))
                        .number("pid", pid)
                        .string("metadata", metadata)
                        .node()
                        .set("state", state.toNode()))
                .getBytes(StandardCharsets.UTF_8);
        if (json.length > MOST_BYTES) {
            throw new ConfigException(List.of(Problem.error(
                    "annotations",
                    "the state for the seccomp agent has %d bytes, more than %d".formatted(json.length, MOST_BYTES))));
        }
        return json;
    }
}
