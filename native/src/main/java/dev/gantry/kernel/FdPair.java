package dev.gantry.kernel;

/**
 * Two connected descriptors, both close-on-exec: the ends of a socket pair, or of a pipe.
 *
 * @param first the end that is read, for a pipe
 * @param second the end that is written, for a pipe
 */
public record FdPair(Fd first, Fd second) implements AutoCloseable {
    @Override
    public void close() {
        first.close();
        second.close();
    }
}
