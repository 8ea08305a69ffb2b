package dev.gantry.kernel;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * One message from a socket, with the descriptors that came with it.
 *
 * @param bytes what was read, at position 0; empty at the end of the stream
 * @param fds owned by the receiver; close-on-exec
 */
public record Message(ByteBuffer bytes, List<Fd> fds) {
    public Message {
        fds = List.copyOf(fds);
    }

    /** Returns whether the other side has closed the socket. */
    public boolean isEnd() {
        return !bytes.hasRemaining();
    }
}
