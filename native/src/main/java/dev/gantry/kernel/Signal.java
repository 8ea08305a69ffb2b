package dev.gantry.kernel;

import java.util.Locale;

/** Signals by name, signal(7), with the numbers of x86-64 and arm64. */
public enum Signal {
    HUP(1),
    INT(2),
    QUIT(3),
    ILL(4),
    TRAP(5),
    ABRT(6),
    BUS(7),
    FPE(8),
    KILL(9),
    USR1(10),
    SEGV(11),
    USR2(12),
    PIPE(13),
    ALRM(14),
    TERM(15),
    STKFLT(16),
    CHLD(17),
    CONT(18),
    STOP(19),
    TSTP(20),
    TTIN(21),
    TTOU(22),
    URG(23),
    XCPU(24),
    XFSZ(25),
    VTALRM(26),
    PROF(27),
    WINCH(28),
    IO(29),
    PWR(30),
    SYS(31);

    private static final int LAST = 64;

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /** Returns the number as in {@code kill(2)}. */
    public int number() {
        return number;
    }

    /** Returns its bit in a set of signals, as in {@code /proc/PID/status}. */
    public long bit() {
        return 1L << number - 1;
    }

    /**
     * Returns the number of a signal that a person named: {@code KILL}, {@code SIGKILL}, {@code kill} or {@code 9}.
     *
     * @throws IllegalArgumentException if there is no such signal
     */
    public static int parse(String text) {
        if (text.matches("\\d{1,3}")) {
            int number = Integer.parseInt(text);
            if (number <= LAST) {
                return number;
            }
        }
        String name = text.toUpperCase(Locale.ROOT);
        String bare = name.startsWith("SIG") ? name.substring(3) : name;
        for (Signal signal : values()) {
            if (signal.name().equals(bare)) {
                return signal.number;
            }
        }
        throw new IllegalArgumentException("unknown signal `%s`".formatted(text));
    }

    /** Returns the name of a signal, {@code SIGKILL}, or {@code signal 35} where it has none. */
    public static String nameOf(int number) {
        for (Signal signal : values()) {
            if (signal.number == number) {
                return "SIG" + signal.name();
            }
        }
        return "signal " + number;
    }
}
