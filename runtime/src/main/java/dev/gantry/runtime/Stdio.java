package dev.gantry.runtime;

import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.wire.Slot;
import java.util.EnumMap;
import java.util.Map;

/**
 * The standard descriptors of a new process. Whoever makes one closes it; the process has copies.
 *
 * @param in becomes descriptor 0
 * @param out becomes descriptor 1
 * @param err becomes descriptor 2
 */
public record Stdio(Fd in, Fd out, Fd err) implements AutoCloseable {
    private static final int O_RDWR = 2;

    /** Returns this process's own; closing them has no effect. */
    public static Stdio inherited() {
        return new Stdio(Fd.borrowed(0), Fd.borrowed(1), Fd.borrowed(2));
    }

    /** Returns the null device three times. */
    public static Stdio none(Kernel kernel) {
        Fd device = kernel.open("/dev/null", O_RDWR, 0);
        return new Stdio(device, device, device);
    }

    Map<Slot, Fd> slots() {
        Map<Slot, Fd> slots = new EnumMap<>(Slot.class);
        slots.put(Slot.STDIN, in);
        slots.put(Slot.STDOUT, out);
        slots.put(Slot.STDERR, err);
        return slots;
    }

    @Override
    public void close() {
        in.close();
        out.close();
        err.close();
    }
}
