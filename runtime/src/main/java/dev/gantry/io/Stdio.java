package dev.gantry.io;

import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.OpenFlag;
import dev.gantry.wire.Slot;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The standard descriptors of a new process, and more if it is to have some. The caller that makes one closes it; the
 * process has copies.
 *
 * @param in becomes descriptor 0
 * @param out becomes descriptor 1
 * @param err becomes descriptor 2
 * @param more become descriptors 3 and up; closing this leaves them open
 */
public record Stdio(Fd in, Fd out, Fd err, List<Fd> more) implements AutoCloseable {
    public Stdio {
        more = List.copyOf(more);
    }

    /** Creates the three alone. */
    public Stdio(Fd in, Fd out, Fd err) {
        this(in, out, err, List.of());
    }

    /** Returns this process's own; closing them has no effect. */
    public static Stdio inherited() {
        return new Stdio(Fd.borrowed(0), Fd.borrowed(1), Fd.borrowed(2));
    }

    /** Returns the null device three times. */
    public static Stdio none(Kernel kernel) {
        Fd device = kernel.open("/dev/null", OpenFlag.RDWR);
        return new Stdio(device, device, device);
    }

    /** Returns the same with more descriptors. */
    public Stdio with(List<Fd> others) {
        return new Stdio(in, out, err, others);
    }

    public Map<Slot, Fd> slots() {
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
