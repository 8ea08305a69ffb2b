package dev.gantry.oci;

import dev.gantry.json.NamedConstant;
import java.util.Optional;

/**
 * Lists the resource limits of a process, with the numbers they have on most architectures (not on MIPS, SPARC,
 * Alpha).
 */
public enum RlimitType implements NamedConstant {
    CPU(0),
    FSIZE(1),
    DATA(2),
    STACK(3),
    CORE(4),
    RSS(5),
    NPROC(6),
    NOFILE(7),
    MEMLOCK(8),
    AS(9),
    LOCKS(10),
    SIGPENDING(11),
    MSGQUEUE(12),
    NICE(13),
    RTPRIO(14),
    RTTIME(15);

    private final int number;

    RlimitType(int number) {
        this.number = number;
    }

    @Override
    public String ociName() {
        return "RLIMIT_" + name();
    }

    /** Returns its number in {@code prlimit(2)}. */
    public int number() {
        return number;
    }

    /** Returns the limit of that name, such as {@code RLIMIT_NOFILE}, if there is one. */
    public static Optional<RlimitType> of(String ociName) {
        for (RlimitType type : values()) {
            if (type.ociName().equals(ociName)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
