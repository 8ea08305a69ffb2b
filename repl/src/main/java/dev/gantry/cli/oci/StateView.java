package dev.gantry.cli.oci;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.json.JsonObjectBuilder;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.OciDefaults;
import dev.gantry.runtime.Container;
import dev.gantry.value.ContainerState;
import dev.gantry.value.ContainerStatus;
import java.util.LinkedHashMap;
import java.util.Map;

/** The JSON by which {@code state} and {@code list} show a container; the order of its members is relied on. */
final class StateView {
    /** The status of a container whose state cannot be read. */
    static final String DAMAGED = "damaged";

    /** As callers written in Go say that they do not know a time. */
    private static final String NEVER = "0001-01-01T00:00:00Z";

    private static final String SHORTAGE = "dev.gantry.shortage";

    /** Another process may have launched it, and knows its status. */
    private static final ExitStatus UNKNOWN_END = new ExitStatus(-1, Signal.KILL.number());

    private StateView() {}

    static ObjectNode of(Container container) {
        ContainerState state = container.state();
        ContainerStatus status = container.status();
        return new JsonObjectBuilder()
                .string("ociVersion", OciDefaults.OCI_VERSION)
                .string("id", state.id())
                .number("pid", status == ContainerStatus.STOPPED ? 0 : state.pid())
                .string("status", status.ociName())
                .string("bundle", state.bundle())
                .string("rootfs", state.rootfs())
                .string("created", state.created().toString())
                .stringMap("annotations", annotations(container, state, status))
                .string("owner", owner(state.owner()))
                .node();
    }

    /** Callers read what the config says; of a container that has stopped, which limit it had reached, too. */
    private static Map<String, String> annotations(Container container, ContainerState state, ContainerStatus status) {
        if (status != ContainerStatus.STOPPED) {
            return state.annotations();
        }
        Map<String, String> all = new LinkedHashMap<>(state.annotations());
        container.shortage(UNKNOWN_END).ifPresent(shortage -> all.put(SHORTAGE, shortage));
        return all;
    }

    /** Has the same members, as callers may need each of them. */
    static ObjectNode ofDamaged(Container container) {
        return new JsonObjectBuilder()
                .string("ociVersion", OciDefaults.OCI_VERSION)
                .string("id", container.id())
                .number("pid", 0)
                .string("status", DAMAGED)
                .string("bundle", "")
                .string("rootfs", "")
                .string("created", NEVER)
                .string("owner", "")
                .node();
    }

    /** Only root's name is sure to be the same everywhere; others are shown by number, as runc does without a name. */
    static String owner(int uid) {
        return uid == 0 ? "root" : "#" + uid;
    }
}
