package dev.gantry.kernel.jnr;

import com.kenai.jffi.MemoryIO;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The environment of this process as its caller has it. The launcher sets {@code LC_ALL}, so that Java takes names for
 * UTF-8; in {@code GANTRY_LOCALE} it keeps the entry that was there, or nothing.
 */
final class CallerEnvironment {
    private static final MemoryIO MEMORY = MemoryIO.getInstance();
    private static final String CHANGED = "LC_ALL=";
    private static final String KEPT = "GANTRY_LOCALE=";

    private CallerEnvironment() {}

    /**
     * Returns a table of the entries, as execve(2) takes one.
     *
     * @param environ where this process's own table is
     */
    static Block table(long environ) {
        List<Long> entries = new ArrayList<>();
        List<Long> changed = new ArrayList<>();
        Long kept = null;
        for (long at = environ; MEMORY.getAddress(at) != 0; at += Long.BYTES) {
            long entry = MEMORY.getAddress(at);
            if (begins(entry, KEPT)) {
                kept = entry + KEPT.length();
            } else {
                (begins(entry, CHANGED) ? changed : entries).add(entry);
            }
        }
        if (kept == null) {
            entries.addAll(changed);
        } else if (MEMORY.getByte(kept) != 0) {
            entries.add(kept);
        }
        Block table = Block.of((long) Long.BYTES * (entries.size() + 1));
        for (int i = 0; i < entries.size(); i++) {
            table.int64(Long.BYTES * i, entries.get(i));
        }
        return table;
    }

    private static boolean begins(long entry, String name) {
        byte[] expected = name.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < expected.length; i++) {
            if (MEMORY.getByte(entry + i) != expected[i]) { // ends at the latest at the entry's NUL
                return false;
            }
        }
        return true;
    }
}
