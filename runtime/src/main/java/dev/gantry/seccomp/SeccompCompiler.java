package dev.gantry.seccomp;

import dev.gantry.error.ConfigException;
import dev.gantry.error.Problem;
import dev.gantry.error.Shown;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.FilterLibrary;
import dev.gantry.kernel.FilterLibrary.Comparison;
import dev.gantry.kernel.KernelException;
import dev.gantry.oci.Seccomp;
import dev.gantry.oci.SeccompAction;
import dev.gantry.oci.SeccompArch;
import dev.gantry.oci.SeccompArg;
import dev.gantry.oci.SeccompOperator;
import dev.gantry.oci.SeccompSyscall;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compiles a seccomp profile into the program that the kernel runs at every system call: libseccomp's, behind a few
 * instructions of our own for {@link NewerCalls}. Thread-safe; takes milliseconds, and a tenth of a second the first
 * time.
 */
final class SeccompCompiler {
    private static final int MOST_INSTRUCTIONS = 4096; // BPF_MAXINSNS

    private final FilterLibrary library;

    SeccompCompiler(FilterLibrary library) {
        this.library = library;
    }

    /**
     * Compiles a valid profile for this machine.
     *
     * @return a sequence of {@code struct sock_filter}
     * @throws ConfigException if rules contradict each other, an architecture cannot be covered here, or the program
     *     becomes longer than the kernel takes
     * @throws UnsupportedOperationException if this machine has no libseccomp
     */
    byte[] compile(Seccomp profile) {
        int defaultAction = action(profile.defaultAction(), profile.defaultErrnoRet());
        try (FilterLibrary.Filter filter = library.begin(defaultAction)) {
            Instructions program = new Instructions();
            Set<Integer> architectures = addArchitectures(filter, profile.architectures());
            if (refuses(profile.defaultAction())) {
                Set<String> names = new HashSet<>();
                profile.syscalls().forEach(rule -> names.addAll(rule.names()));
                int nosys = action(SeccompAction.ERRNO, (long) Errno.ENOSYS.number());
                architectures.forEach(
                        token -> NewerCalls.of(library, token, names).append(program, nosys));
            }
            long rules = 0;
            for (int i = 0; i < profile.syscalls().size(); i++) {
                SeccompSyscall rule = profile.syscalls().get(i);
                String path = "linux.seccomp.syscalls[%d]".formatted(i);
                rules += addRules(filter, rule, defaultAction, path, MOST_INSTRUCTIONS - rules);
            }
            return checked(program.append(filter.program()).toBytes());
        }
    }

    /** What lets a call pass, or asks somebody who can tell a new one, needs no other answer to a newer one. */
    private static boolean refuses(SeccompAction defaultAction) {
        return switch (defaultAction) {
            case ALLOW, LOG, TRACE, NOTIFY -> false;
            case KILL, KILL_PROCESS, KILL_THREAD, TRAP, ERRNO -> true;
        };
    }

    /** Returns the tokens of all architectures of the filter, the native one first. */
    private Set<Integer> addArchitectures(FilterLibrary.Filter filter, List<SeccompArch> architectures) {
        Set<Integer> tokens = new LinkedHashSet<>();
        tokens.add(library.nativeArchitecture());
        for (int i = 0; i < architectures.size(); i++) {
            SeccompArch architecture = architectures.get(i);
            String path = "linux.seccomp.architectures[%d]".formatted(i);
            OptionalInt token = library.architecture(architecture.name().toLowerCase(Locale.ROOT));
            if (token.isEmpty()) {
                throw refused(path, "libseccomp %s does not know `%s`", library.version(), architecture.ociName());
            }
            try {
                filter.addArchitecture(token.getAsInt());
            } catch (KernelException e) {
                throw refused(
                        path,
                        "`%s` cannot be covered here: %s",
                        architecture.ociName(),
                        e.errno().describe());
            }
            tokens.add(token.getAsInt());
        }
        return tokens;
    }

    /**
     * Adds the rules of one entry. libseccomp compares each rule with all that it has for the same call, so what is
     * given twice, and what no filter has room for, is not handed to it.
     *
     * @param most how many rules there may be; each needs an instruction at least
     * @return how many there are
     */
    private long addRules(FilterLibrary.Filter filter, SeccompSyscall rule, int defaultAction, String path, long most) {
        int action = action(rule.action(), rule.errnoRet());
        if (action == defaultAction) {
            return 0;
        }
        Set<List<Comparison>> alternatives = alternatives(rule.args());
        long rules = 0;
        for (String name : new LinkedHashSet<>(rule.names())) {
            OptionalInt number = library.number(library.nativeArchitecture(), name);
            if (number.isEmpty()) {
                continue;
            }
            rules += alternatives.size();
            if (rules > most) {
                throw refused(path, "the filter would have more than %d rules", MOST_INSTRUCTIONS);
            }
            try {
                for (List<Comparison> comparisons : alternatives) {
                    filter.addRule(action, number.getAsInt(), comparisons);
                }
            } catch (KernelException e) {
                String reason = e.errno() == Errno.EEXIST
                        ? "contradicts an earlier one"
                        : e.errno().describe();
                throw refused(path, "the rule for `%s`: %s", Shown.shortened(name), reason);
            }
        }
        return rules;
    }

    /**
     * Comparisons hold together, but for those of a rule that compares one argument twice: each of these is a rule of
     * its own. That is what {@code runc} does, and what profiles are written for.
     */
    private static Set<List<Comparison>> alternatives(List<SeccompArg> args) {
        List<Comparison> comparisons =
                args.stream().map(SeccompCompiler::comparison).toList();
        long compared =
                comparisons.stream().map(Comparison::argument).distinct().count();
        return compared == comparisons.size()
                ? Set.of(comparisons)
                : comparisons.stream().map(List::of).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Comparison comparison(SeccompArg arg) {
        long second = arg.op() == SeccompOperator.MASKED_EQ && arg.valueTwo() != null ? arg.valueTwo() : 0;
        return new Comparison(arg.index().intValue(), operator(arg.op()), arg.value(), second);
    }

    private static int operator(SeccompOperator operator) {
        return switch (operator) { // enum scmp_compare
            case NE -> 1;
            case LT -> 2;
            case LE -> 3;
            case EQ -> 4;
            case GE -> 5;
            case GT -> 6;
            case MASKED_EQ -> 7;
        };
    }

    private static int action(SeccompAction action, Long errnoRet) {
        int data = errnoRet == null ? Errno.EPERM.number() : errnoRet.intValue();
        return switch (action) { // SECCOMP_RET_*
            case KILL, KILL_THREAD -> 0x00000000;
            case KILL_PROCESS -> 0x80000000;
            case TRAP -> 0x00030000;
            case ERRNO -> 0x00050000 | data;
            case NOTIFY -> 0x7fc00000;
            case TRACE -> 0x7ff00000 | data;
            case LOG -> 0x7ffc0000;
            case ALLOW -> 0x7fff0000;
        };
    }

    private static byte[] checked(byte[] program) {
        int length = program.length / Instructions.BYTES;
        if (length > MOST_INSTRUCTIONS) {
            throw refused("linux.seccomp", "the filter has %d instructions, more than %d", length, MOST_INSTRUCTIONS);
        }
        return program;
    }

    private static ConfigException refused(String path, String text, Object... arguments) {
        return new ConfigException(List.of(Problem.error(path, text.formatted(arguments))));
    }
}
