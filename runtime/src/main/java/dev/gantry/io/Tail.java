package dev.gantry.io;

/** The last bytes of what was written, as many as fit; the oldest make way. Not thread-safe. */
final class Tail {
    private final int limit;
    private byte[] ring = new byte[0];
    private int begin;
    private int size;

    /** @param limit how many bytes are kept at most */
    Tail(int limit) {
        this.limit = limit;
    }

    /** Returns how many bytes are kept. */
    int size() {
        return size;
    }

    void add(byte[] bytes) {
        int from = Math.max(0, bytes.length - limit);
        int count = bytes.length - from;
        grow(count);
        int dropped = Math.max(0, size + count - ring.length);
        begin = dropped == 0 ? begin : (begin + dropped) % ring.length;
        size -= dropped;
        int end = size == 0 ? begin : (int) (((long) begin + size) % ring.length);
        int first = Math.min(count, ring.length - end);
        System.arraycopy(bytes, from, ring, end, first);
        System.arraycopy(bytes, from + first, ring, 0, count - first);
        size += count;
    }

    /** To twice of what it was at least, so that few bytes are moved often. */
    private void grow(int count) {
        long wanted = Math.min(limit, (long) size + count);
        if (wanted > ring.length) {
            byte[] larger = new byte[(int) Math.min(limit, Math.max(wanted, 2L * ring.length))];
            copyTo(larger);
            ring = larger;
            begin = 0;
        }
    }

    private void copyTo(byte[] target) {
        int first = Math.min(size, ring.length - begin);
        System.arraycopy(ring, begin, target, 0, first);
        System.arraycopy(ring, 0, target, first, size - first);
    }

    /** Returns a copy of what is kept, oldest first. */
    byte[] bytes() {
        byte[] all = new byte[size];
        copyTo(all);
        return all;
    }

    /** Forgets it all. */
    void clear() {
        ring = new byte[0];
        begin = 0;
        size = 0;
    }
}
