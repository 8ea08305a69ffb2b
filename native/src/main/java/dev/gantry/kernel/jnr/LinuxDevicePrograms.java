package dev.gantry.kernel.jnr;

import static dev.gantry.kernel.jnr.LibC.call;

import com.kenai.jffi.MemoryIO;
import dev.gantry.kernel.DevicePrograms;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.KernelException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Makes the calls; the attributes of each are laid out in {@code linux/bpf.h}, {@code union bpf_attr}. */
final class LinuxDevicePrograms implements DevicePrograms {
    private static final int BYTES_AN_INSTRUCTION = 8;
    private static final int LOAD_BYTES = 72;
    private static final int ATTACH_BYTES = 20;
    private static final int QUERY_BYTES = 32;
    private static final int TRIES = 5;
    private static final int MOST_PROGRAMS = 64; // BPF_CGROUP_MAX_PROGS

    private final LibC c = LibC.INSTANCE;

    @Override
    public Fd load(ByteBuffer instructions) {
        try (Block license = Block.string("Apache-2.0");
                Block attributes = Block.of(LOAD_BYTES)) {
            attributes
                    .int32(0, Numbers.BPF_PROG_TYPE_CGROUP_DEVICE)
                    .int32(4, instructions.remaining() / BYTES_AN_INSTRUCTION)
                    .int64(8, MemoryIO.getInstance().getDirectBufferAddress(instructions) + instructions.position())
                    .int64(16, license.address());
            Fd program = own(load(attributes, TRIES));
            Reference.reachabilityFence(instructions);
            return program;
        }
    }

    /** A signal that is pending makes the verifier give up with {@code EAGAIN}. */
    private int load(Block attributes, int tries) {
        try {
            return bpf("load device program", Numbers.BPF_PROG_LOAD, attributes, LOAD_BYTES);
        } catch (KernelException e) {
            if (e.errno() != Errno.EAGAIN || tries == 1) {
                throw e;
            }
            return load(attributes, tries - 1);
        }
    }

    @Override
    public List<Fd> attachedTo(Fd cgroup) {
        List<Fd> programs = new ArrayList<>();
        try (Block ids = Block.of(4L * MOST_PROGRAMS);
                Block attributes = Block.of(QUERY_BYTES)) {
            attributes
                    .int32(0, cgroup.number())
                    .int32(4, Numbers.BPF_CGROUP_DEVICE)
                    .int64(16, ids.address())
                    .int32(24, MOST_PROGRAMS);
            bpf("query device programs", Numbers.BPF_PROG_QUERY, attributes, QUERY_BYTES);
            for (int i = 0; i < attributes.int32(24); i++) {
                try (Block id = Block.of(LOAD_BYTES)) {
                    id.int32(0, ids.int32(4 * i));
                    programs.add(own(bpf("open device program", Numbers.BPF_PROG_GET_FD_BY_ID, id, LOAD_BYTES)));
                } catch (KernelException e) {
                    if (e.errno() != Errno.ENOENT) { // gone since it was listed
                        throw e;
                    }
                }
            }
            return programs;
        } catch (KernelException e) {
            programs.forEach(Fd::close);
            throw e;
        }
    }

    @Override
    public void attach(Fd cgroup, Fd program) {
        attach(cgroup, program, Numbers.BPF_F_ALLOW_MULTI, 0);
    }

    @Override
    public void replace(Fd cgroup, Fd old, Fd program) {
        attach(cgroup, program, Numbers.BPF_F_ALLOW_MULTI | Numbers.BPF_F_REPLACE, old.number());
    }

    private void attach(Fd cgroup, Fd program, int flags, int replaced) {
        try (Block attributes = Block.of(ATTACH_BYTES)) {
            attributes
                    .int32(0, cgroup.number())
                    .int32(4, program.number())
                    .int32(8, Numbers.BPF_CGROUP_DEVICE)
                    .int32(12, flags)
                    .int32(16, replaced);
            bpf("attach device program", Numbers.BPF_PROG_ATTACH, attributes, ATTACH_BYTES);
        }
    }

    @Override
    public void detach(Fd cgroup, Fd program) {
        try (Block attributes = Block.of(ATTACH_BYTES)) {
            attributes.int32(0, cgroup.number()).int32(4, program.number()).int32(8, Numbers.BPF_CGROUP_DEVICE);
            bpf("detach device program", Numbers.BPF_PROG_DETACH, attributes, ATTACH_BYTES);
        }
    }

    private int bpf(String what, int command, Block attributes, int size) {
        return call(c.bpf, what, Numbers.SYS_BPF, command, attributes.address(), size);
    }

    private Fd own(int number) {
        return new Fd(number, "device program", c::close);
    }
}
