package dev.gantry.seccomp;

import dev.gantry.kernel.FilterLibrary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;

/**
 * The system calls of one architecture that are newer than the newest one a profile names.
 *
 * <p>A program that tries a new call expects {@code ENOSYS} from a kernel that does not have it, and then falls back;
 * the default action of a profile that was written before, such as {@code EPERM}, would make it give up. Numbers tell
 * the age, since every architecture appends new calls at the end, but for blocks that were set aside long ago: ARM's
 * private calls, and the second entry points of x32. Those are neither new nor a measure of what is.
 */
final class NewerCalls {
    private static final int ARM = 0x40000028;
    private static final int X32 = 0x4000003e; // libseccomp's; what the kernel says is the one of x86-64
    private static final int X86_64 = 0xc000003e;
    private static final long X32_BIT = 0x40000000;

    private final int auditToken;
    private final List<Range> ranges;

    private NewerCalls(int auditToken, List<Range> ranges) {
        this.auditToken = auditToken;
        this.ranges = ranges;
    }

    /**
     * Finds them.
     *
     * @param token the library's, for the architecture
     * @param names of all calls in the profile; if the architecture has none of them, no call is newer
     */
    static NewerCalls of(FilterLibrary library, int token, Collection<String> names) {
        Numbers numbers = Numbers.of(token);
        long newest = -1;
        for (String name : names) {
            OptionalInt number = library.number(token, name);
            if (number.isPresent() && !numbers.setAside().contains(number.getAsInt())) {
                newest = Math.max(newest, number.getAsInt());
            }
        }
        return new NewerCalls(token == X32 ? X86_64 : token, newest < 0 ? List.of() : numbers.above(newest));
    }

    /** Appends instructions that answer {@code action} to these calls and go on with what follows for all others. */
    void append(Instructions program, int action) {
        if (ranges.isEmpty()) {
            return;
        }
        program.load(Instructions.ARCHITECTURE)
                .ifEqual(auditToken, 0, 1 + 3 * ranges.size())
                .load(Instructions.NUMBER);
        for (Range range : ranges) {
            program.ifAtLeast((int) range.first(), 0, 2)
                    .ifAtLeast((int) range.end(), 1, 0)
                    .answer(action);
        }
    }

    /** Numbers from {@code first} up to but without {@code end}. */
    private record Range(long first, long end) {
        boolean contains(long number) {
            return number >= first && number < end;
        }
    }

    /**
     * How an architecture numbers its calls.
     *
     * @param setAside not in the order of age
     * @param end what is beyond is not the architecture's: on x86-64 it is x32's, and everywhere -1, which is how a
     *     tracer has a call skipped
     */
    private record Numbers(Range setAside, long end) {
        static Numbers of(int token) {
            return switch (token) {
                case X32 -> new Numbers(new Range(X32_BIT + 512, X32_BIT + 548), 2 * X32_BIT);
                case ARM -> new Numbers(new Range(0x0f0000, X32_BIT), X32_BIT);
                default -> new Numbers(new Range(X32_BIT, X32_BIT), X32_BIT);
            };
        }

        List<Range> above(long newest) {
            List<Range> ranges = new ArrayList<>();
            ranges.add(new Range(newest + 1, setAside.first()));
            ranges.add(new Range(Math.max(newest + 1, setAside.end()), end));
            ranges.removeIf(range -> range.first() >= range.end());
            return ranges;
        }
    }
}
