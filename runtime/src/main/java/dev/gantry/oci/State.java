package dev.gantry.oci;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.json.JsonObjectBuilder;
import java.util.Map;

/**
 * Tells hooks and agents about a container: the {@code state} of the OCI runtime specification.
 *
 * @param ociVersion of the container's config
 * @param status {@code creating}, {@code created}, {@code running} or {@code stopped}
 * @param pid of the first process, as its reader sees it; 0 when there is none
 * @param bundle absolute
 */
public record State(
        String ociVersion, String id, String status, int pid, String bundle, Map<String, String> annotations) {
    public State {
        annotations = Map.copyOf(annotations);
    }

    /** Returns the same with another status and pid. */
    public State with(String newStatus, int newPid) {
        return new State(ociVersion, id, newStatus, newPid, bundle, annotations);
    }

    /** Returns it as a JSON object. */
    public ObjectNode toNode() {
        return new JsonObjectBuilder()
                .string("ociVersion", ociVersion)
                .string("id", id)
                .string("status", status)
                .number("pid", pid)
                .string("bundle", bundle)
                .stringMap("annotations", annotations)
                .node();
    }
}
