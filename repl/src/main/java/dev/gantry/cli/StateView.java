package dev.gantry.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.json.JsonObjectBuilder;
import dev.gantry.oci.OciDefaults;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.ContainerState;
import dev.gantry.runtime.ContainerStatus;

/** The JSON by which {@code state} and {@code list} show a container; the order of its members is relied on. */
final class StateView {
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
                .stringMap("annotations", state.annotations())
                .string("owner", owner(state.owner()))
                .node();
    }

    /** Only root's name is sure to be the same everywhere; others are told by number, as runc does without a name. */
    static String owner(int uid) {
        return uid == 0 ? "root" : "#" + uid;
    }
}
