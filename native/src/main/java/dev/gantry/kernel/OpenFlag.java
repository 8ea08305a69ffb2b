package dev.gantry.kernel;

/** Flags of {@code open(2)}, by their names without {@code O_}. Without any a file is opened for reading. */
public enum OpenFlag {
    WRONLY(01),
    RDWR(02),
    CREAT(0100),
    EXCL(0200),
    NOCTTY(0400),
    TRUNC(01000),
    APPEND(02000),
    NONBLOCK(04000),
    DIRECTORY(0200000, 040000),
    NOFOLLOW(0400000, 0100000),
    CLOEXEC(02000000),
    PATH(010000000);

    private final int number;

    OpenFlag(int number) {
        this(number, number);
    }

    OpenFlag(int number, int onArm) {
        this.number = Machine.IS_ARM ? onArm : number;
    }

    /** Returns the number on this machine. */
    public int number() {
        return number;
    }

    /** Returns the numbers of several in one. */
    public static int bits(OpenFlag... flags) {
        int bits = 0;
        for (OpenFlag flag : flags) {
            bits |= flag.number;
        }
        return bits;
    }
}
