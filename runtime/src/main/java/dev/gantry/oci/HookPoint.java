package dev.gantry.oci;

import dev.gantry.json.NamedConstant;
import java.util.List;
import java.util.function.Function;

/** Lists the points of a container's life at which hooks run, in the order in which they come. */
public enum HookPoint implements NamedConstant {
    PRESTART("prestart", "creating", Hooks::prestart),
    CREATE_RUNTIME("createRuntime", "creating", Hooks::createRuntime),
    CREATE_CONTAINER("createContainer", "creating", Hooks::createContainer),
    START_CONTAINER("startContainer", "created", Hooks::startContainer),
    POSTSTART("poststart", "running", Hooks::poststart),
    POSTSTOP("poststop", "stopped", Hooks::poststop);

    private final String ociName;
    private final String status;
    private final Function<Hooks, List<Hook>> list;

    HookPoint(String ociName, String status, Function<Hooks, List<Hook>> list) {
        this.ociName = ociName;
        this.status = status;
        this.list = list;
    }

    @Override
    public String ociName() {
        return ociName;
    }

    /** Returns the status of the container in the state that its hooks receive. */
    public String status() {
        return status;
    }

    /** Returns whether its hooks run in the container's namespaces rather than on the host. */
    public boolean isInContainer() {
        return this == CREATE_CONTAINER || this == START_CONTAINER;
    }

    /** Returns the hooks of a config that run at this point, in order; empty for a config without hooks. */
    public List<Hook> of(OciConfig config) {
        return config.hooks() == null ? List.of() : list.apply(config.hooks());
    }
}
