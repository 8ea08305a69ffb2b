package dev.gantry.kernel;

/** How far a path may lead, {@code openat2(2)}. */
public enum Resolve {
    /** Not out of the directory: {@code RESOLVE_BENEATH}. */
    BENEATH(0x08),

    /** Nor through any symbolic link: {@code RESOLVE_NO_SYMLINKS} too. */
    BENEATH_NO_SYMLINKS(0x08 | 0x04),

    /** As if the directory were "/", for links as well: {@code RESOLVE_IN_ROOT}. */
    IN_ROOT(0x10);

    private final int bits;

    Resolve(int bits) {
        this.bits = bits;
    }

    /** Returns the {@code RESOLVE_*} bits. */
    public int bits() {
        return bits;
    }
}
