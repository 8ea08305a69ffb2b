package dev.gantry.oci;

import dev.gantry.json.NamedConstant;
import java.util.Optional;

/** Lists the capabilities of Linux 6.x, see {@code capabilities(7)}. */
public enum Capability implements NamedConstant {
    CHOWN(0),
    DAC_OVERRIDE(1),
    DAC_READ_SEARCH(2),
    FOWNER(3),
    FSETID(4),
    KILL(5),
    SETGID(6),
    SETUID(7),
    SETPCAP(8),
    LINUX_IMMUTABLE(9),
    NET_BIND_SERVICE(10),
    NET_BROADCAST(11),
    NET_ADMIN(12),
    NET_RAW(13),
    IPC_LOCK(14),
    IPC_OWNER(15),
    SYS_MODULE(16),
    SYS_RAWIO(17),
    SYS_CHROOT(18),
    SYS_PTRACE(19),
    SYS_PACCT(20),
    SYS_ADMIN(21),
    SYS_BOOT(22),
    SYS_NICE(23),
    SYS_RESOURCE(24),
    SYS_TIME(25),
    SYS_TTY_CONFIG(26),
    MKNOD(27),
    LEASE(28),
    AUDIT_WRITE(29),
    AUDIT_CONTROL(30),
    SETFCAP(31),
    MAC_OVERRIDE(32),
    MAC_ADMIN(33),
    SYSLOG(34),
    WAKE_ALARM(35),
    BLOCK_SUSPEND(36),
    AUDIT_READ(37),
    PERFMON(38),
    BPF(39),
    CHECKPOINT_RESTORE(40);

    private final int number;

    Capability(int number) {
        this.number = number;
    }

    @Override
    public String ociName() {
        return "CAP_" + name();
    }

    /** Returns its bit number, 0 to 40. */
    public int number() {
        return number;
    }

    /** Returns the capability of that name, such as {@code CAP_KILL}, if there is one. */
    public static Optional<Capability> of(String ociName) {
        for (Capability capability : values()) {
            if (capability.ociName().equals(ociName)) {
                return Optional.of(capability);
            }
        }
        return Optional.empty();
    }
}
