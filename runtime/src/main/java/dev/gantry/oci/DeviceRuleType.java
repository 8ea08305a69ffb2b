package dev.gantry.oci;

import dev.gantry.json.NamedConstant;

/** Lists the kinds of devices a rule can be about. */
public enum DeviceRuleType implements NamedConstant {
    ALL("a"),
    BLOCK("b"),
    CHARACTER("c");

    private final String ociName;

    DeviceRuleType(String ociName) {
        this.ociName = ociName;
    }

    @Override
    public String ociName() {
        return ociName;
    }
}
