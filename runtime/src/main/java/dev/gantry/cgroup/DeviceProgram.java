package dev.gantry.cgroup;

import dev.gantry.oci.DeviceRule;
import dev.gantry.oci.DeviceRuleType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Assembles device rules into a program for the kernel's BPF machine: a pure function.
 *
 * <p>The program is asked with {@code struct bpf_cgroup_dev_ctx} (type and access, major, minor) and answers 1 to
 * allow. It looks at the rules from the last to the first and keeps the kinds of access that no rule has spoken of yet:
 * a rule that denies one of them ends it with 0, one that allows the rest of them with 1. Each rule loads what it
 * compares again: so the kernel's verifier knows the same at the beginning of every rule, and accepts thousands of
 * them.
 */
final class DeviceProgram {
    private static final int LDX_WORD = 0x61;
    private static final int MOV = 0xb7;
    private static final int AND = 0x57;
    private static final int SHIFT_RIGHT = 0x77;
    private static final int JUMP = 0x05;
    private static final int JUMP_UNLESS_EQUAL = 0x55;
    private static final int JUMP_IF_ANY = 0x45;
    private static final int EXIT = 0x95;

    private static final int ANSWER = 0;
    private static final int CONTEXT = 1;
    private static final int ACCESS = 2;
    private static final int ASKED = 3;

    private static final int TYPE_AND_ACCESS = 0; // offsets in the context; of the first the upper half is the access
    private static final int MAJOR = 4;
    private static final int MINOR = 8;

    private static final int BLOCK = 1;
    private static final int CHARACTER = 2;
    private static final int MKNOD = 1;
    private static final int READ = 2;
    private static final int WRITE = 4;

    private static final int BYTES_AN_INSTRUCTION = 8;
    private static final int INSTRUCTIONS_A_DECISION = 4;
    private static final int INSTRUCTIONS_A_RULE = 7 + INSTRUCTIONS_A_DECISION;
    private static final int INSTRUCTIONS_AROUND = 4;

    private final ByteBuffer code;

    private DeviceProgram(int rules) {
        code = ByteBuffer.allocateDirect(BYTES_AN_INSTRUCTION * (rules * INSTRUCTIONS_A_RULE + INSTRUCTIONS_AROUND))
                .order(ByteOrder.nativeOrder());
    }

    /**
     * Returns the instructions, in a direct buffer.
     *
     * @param rules with type, access and, unless they fit any, major and minor of 0 or more
     */
    static ByteBuffer assemble(List<DeviceRule> rules) {
        DeviceProgram program = new DeviceProgram(rules.size());
        program.load();
        for (int i = rules.size() - 1; i >= 0; i--) {
            program.rule(rules.get(i));
        }
        program.answer(0);
        return program.code.flip();
    }

    private void load() {
        add(LDX_WORD, ACCESS, CONTEXT, TYPE_AND_ACCESS, 0);
        add(SHIFT_RIGHT, ACCESS, 0, 0, 16);
    }

    private void rule(DeviceRule rule) {
        if (isBeyond(rule.major()) || isBeyond(rule.minor())) {
            return; // no device has such a number
        }
        int left = INSTRUCTIONS_A_DECISION + (rule.minor() == null ? 0 : 2) + (rule.major() == null ? 0 : 2);
        if (rule.type() != DeviceRuleType.ALL) {
            add(LDX_WORD, ASKED, CONTEXT, TYPE_AND_ACCESS, 0);
            add(AND, ASKED, 0, 0, 0xffff);
            add(JUMP_UNLESS_EQUAL, ASKED, 0, left, rule.type() == DeviceRuleType.BLOCK ? BLOCK : CHARACTER);
        }
        if (rule.major() != null) {
            left = left - 2;
            add(LDX_WORD, ASKED, CONTEXT, MAJOR, 0);
            add(JUMP_UNLESS_EQUAL, ASKED, 0, left, rule.major().intValue());
        }
        if (rule.minor() != null) {
            left = left - 2;
            add(LDX_WORD, ASKED, CONTEXT, MINOR, 0);
            add(JUMP_UNLESS_EQUAL, ASKED, 0, left, rule.minor().intValue());
        }
        decide(Boolean.TRUE.equals(rule.allow()), bits(rule.access()));
    }

    private void decide(boolean allow, int access) {
        if (allow) {
            add(AND, ACCESS, 0, 0, ~access);
            add(JUMP_UNLESS_EQUAL, ACCESS, 0, 2, 0);
        } else {
            add(JUMP_IF_ANY, ACCESS, 0, 1, access);
            add(JUMP, 0, 0, 2, 0);
        }
        answer(allow ? 1 : 0);
    }

    private void answer(int value) {
        add(MOV, ANSWER, 0, 0, value);
        add(EXIT, 0, 0, 0, 0);
    }

    private static boolean isBeyond(Long number) {
        return number != null && number > Integer.MAX_VALUE;
    }

    private static int bits(String access) {
        return (access.indexOf('r') >= 0 ? READ : 0)
                | (access.indexOf('w') >= 0 ? WRITE : 0)
                | (access.indexOf('m') >= 0 ? MKNOD : 0);
    }

    private void add(int operation, int destination, int source, int offset, int value) {
        boolean little = code.order() == ByteOrder.LITTLE_ENDIAN;
        int registers = little ? source << 4 | destination : destination << 4 | source;
        code.put((byte) operation)
                .put((byte) registers)
                .putShort((short) offset)
                .putInt(value);
    }
}
