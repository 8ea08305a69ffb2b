package dev.gantry.oci;

import dev.gantry.json.NamedConstant;

/** Lists the classes of I/O priority. */
public enum IoPriorityClass implements NamedConstant {
    RT(1),
    BE(2),
    IDLE(3);

    private final int number;

    IoPriorityClass(int number) {
        this.number = number;
    }

    @Override
    public String ociName() {
        return "IOPRIO_CLASS_" + name();
    }

    /** Returns its number in {@code ioprio_set(2)}. */
    public int number() {
        return number;
    }
}
