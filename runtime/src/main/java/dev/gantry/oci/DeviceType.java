package dev.gantry.oci;

import dev.gantry.json.NamedConstant;

/** Lists the kinds of device nodes. */
public enum DeviceType implements NamedConstant {
    BLOCK("b"),
    CHARACTER("c"),
    UNBUFFERED("u"),
    FIFO("p");

    private final String ociName;

    DeviceType(String ociName) {
        this.ociName = ociName;
    }

    @Override
    public String ociName() {
        return ociName;
    }
}
