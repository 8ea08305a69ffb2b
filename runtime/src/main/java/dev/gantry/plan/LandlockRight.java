package dev.gantry.plan;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Lists what Landlock can forbid, by the kernel's names without their prefixes. */
public enum LandlockRight {
    EXECUTE(Kind.FS, 0, 1, true),
    WRITE_FILE(Kind.FS, 1, 1, true),
    READ_FILE(Kind.FS, 2, 1, true),
    READ_DIR(Kind.FS, 3, 1, false),
    REMOVE_DIR(Kind.FS, 4, 1, false),
    REMOVE_FILE(Kind.FS, 5, 1, false),
    MAKE_CHAR(Kind.FS, 6, 1, false),
    MAKE_DIR(Kind.FS, 7, 1, false),
    MAKE_REG(Kind.FS, 8, 1, false),
    MAKE_SOCK(Kind.FS, 9, 1, false),
    MAKE_FIFO(Kind.FS, 10, 1, false),
    MAKE_BLOCK(Kind.FS, 11, 1, false),
    MAKE_SYM(Kind.FS, 12, 1, false),
    REFER(Kind.FS, 13, 2, false),
    TRUNCATE(Kind.FS, 14, 3, true),
    IOCTL_DEV(Kind.FS, 15, 5, true),
    BIND_TCP(Kind.NET, 0, 4, false),
    CONNECT_TCP(Kind.NET, 1, 4, false),
    ABSTRACT_UNIX_SOCKET(Kind.SCOPE, 0, 6, false),
    SIGNAL(Kind.SCOPE, 1, 6, false);

    /** What a right is about; each kind has bits of its own. */
    public enum Kind {
        FS("LANDLOCK_ACCESS_FS_"),
        NET("LANDLOCK_ACCESS_NET_"),
        SCOPE("LANDLOCK_SCOPE_");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }
    }

    private final Kind kind;
    private final int bit;
    private final int since;
    private final boolean ofFiles;

    /**
     * Describes a right.
     *
     * @param since the first version of the interface that has it
     * @param ofFiles whether it can be given to a file that is no directory
     */
    LandlockRight(Kind kind, int bit, int since, boolean ofFiles) {
        this.kind = kind;
        this.bit = bit;
        this.since = since;
        this.ofFiles = ofFiles;
    }

    /** Returns the right of that name, with or without the kernel's prefix, in small or capital letters. */
    public static Optional<LandlockRight> of(Kind kind, String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        String bare = upper.startsWith(kind.prefix) ? upper.substring(kind.prefix.length()) : upper;
        return all(kind).filter(right -> right.name().equals(bare)).findFirst();
    }

    /** Returns all rights of a kind. */
    public static Stream<LandlockRight> all(Kind kind) {
        return Stream.of(values()).filter(right -> right.kind == kind);
    }

    public long mask() {
        return 1L << bit;
    }

    public int since() {
        return since;
    }

    public boolean ofFiles() {
        return ofFiles;
    }

    /** Returns its name as it is written. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the names of all rights of a kind whose bits are set, with a blank between. */
    static String words(Kind kind, long mask) {
        return String.join(
                " ",
                all(kind)
                        .filter(right -> (mask & right.mask()) != 0)
                        .map(LandlockRight::word)
                        .toList());
    }
}
