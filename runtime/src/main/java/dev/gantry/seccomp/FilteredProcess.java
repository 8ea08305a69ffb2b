package dev.gantry.seccomp;

import dev.gantry.error.ConfigException;
import dev.gantry.error.Problem;
import dev.gantry.json.Json;
import dev.gantry.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What an agent is told about a process with a filter: the {@code ContainerProcessState} of the OCI specification.
 *
 * @param ociVersion of the container's config
 * @param pid of the process, as the host sees it
 * @param metadata what the profile wants the agent to know; null if nothing
 * @param status of the container, {@code creating} while its first process is made
 * @param containerPid of the container's first process, as the host sees it
 * @param annotations of the container
 */
public record FilteredProcess(
        String ociVersion,
        int pid,
        String metadata,
        String id,
        String status,
        int containerPid,
        String bundle,
        Map<String, String> annotations) {
    /** The name by which the specification calls the listener among the descriptors of the message. */
    private static final String LISTENER = "seccompFd";

    /** Agents read into a buffer of 4096 bytes and would take a longer state for a damaged one. */
    private static final int MOST_BYTES = 4095;

    /** @throws ConfigException if the annotations make it too long for an agent */
    byte[] toJson() {
        JsonObjectBuilder state = new JsonObjectBuilder()
                .string("ociVersion", ociVersion)
                .string("id", id)
                .string("status", status)
                .number("pid", containerPid)
                .string("bundle", bundle)
                .stringMap("annotations", annotations);
        byte[] json = Json.compact(new JsonObjectBuilder()
                        .string("ociVersion", ociVersion)
                        .strings("fds", List.of(LISTENER))
                        .number("pid", pid)
                        .string("metadata", metadata)
                        .node()
                        .set("state", state.node()))
                .getBytes(StandardCharsets.UTF_8);
        if (json.length > MOST_BYTES) {
            throw new ConfigException(List.of(Problem.error(
                    "annotations",
                    "the state for the seccomp agent has %d bytes, more than %d".formatted(json.length, MOST_BYTES))));
        }
        return json;
    }
}
