package dev.gantry.oci;

import dev.gantry.json.NamedConstant;

/** Lists how mounts below the container's root are seen outside and the other way round. */
public enum RootfsPropagation implements NamedConstant {
    PRIVATE("private"),
    SHARED("shared"),
    SLAVE("slave"),
    UNBINDABLE("unbindable"),
    RPRIVATE("rprivate"),
    RSHARED("rshared"),
    RSLAVE("rslave"),
    RUNBINDABLE("runbindable");

    private final String ociName;

    RootfsPropagation(String ociName) {
        this.ociName = ociName;
    }

    @Override
    public String ociName() {
        return ociName;
    }
}
