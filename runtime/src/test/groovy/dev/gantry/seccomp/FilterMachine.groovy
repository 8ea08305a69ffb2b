package dev.gantry.seccomp

import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** Runs a seccomp program on a made-up system call, as the kernel would. */
@CompileStatic
class FilterMachine {
    static final int X86_64 = (int) 0xc000003eL
    static final int X86 = 0x40000003
    static final int X32_BIT = 0x40000000

    private final ByteBuffer program

    FilterMachine(byte[] program) {
        this.program = ByteBuffer.wrap(program).order(ByteOrder.nativeOrder())
    }

    int getLength() {
        program.capacity().intdiv(8)
    }

    /** Returns the action, SECCOMP_RET_* with its data. */
    int answer(int architecture, int number, long... args) {
        def data = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder())
        data.putInt(0, number).putInt(4, architecture)
        args.eachWithIndex { long arg, int i -> data.putLong(16 + 8 * i, arg) }
        int a = 0
        for (int pc = 0; ; pc++) {
            int code = program.getShort(8 * pc) & 0xffff
            int k = program.getInt(8 * pc + 4)
            switch (code) {
                case 0x20: a = data.getInt(k); break
                case 0x54: a &= k; break
                case 0x05: pc += k; break
                case 0x15: pc += skip(pc, a == k); break
                case 0x25: pc += skip(pc, Integer.compareUnsigned(a, k) > 0); break
                case 0x35: pc += skip(pc, Integer.compareUnsigned(a, k) >= 0); break
                case 0x45: pc += skip(pc, (a & k) != 0); break
                case 0x06: return k
                default: throw new IllegalStateException(String.format('instruction %#x at %d', code, pc))
            }
        }
    }

    private int skip(int pc, boolean holds) {
        program.get(8 * pc + (holds ? 2 : 3)) & 0xff
    }
}
