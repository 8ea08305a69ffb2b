package dev.gantry.oci;

import dev.gantry.json.NamedConstant;

/** Lists the execution domains. */
public enum PersonalityDomain implements NamedConstant {
    LINUX(0x0000),
    LINUX32(0x0008);

    private final int number;

    PersonalityDomain(int number) {
        this.number = number;
    }

    @Override
    public String ociName() {
        return name();
    }

    /** Returns its number in {@code personality(2)}. */
    public int number() {
        return number;
    }
}
