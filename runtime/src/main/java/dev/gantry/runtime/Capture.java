package dev.gantry.runtime;

import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FdPair;
import dev.gantry.kernel.Kernel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Collects what a process writes, on the thread that waits for it.
 *
 * <p>It ends with the process, not with the pipes: a daemon that the process left behind may hold those for ever.
 */
final class Capture implements AutoCloseable {
    private static final int BUFFER_BYTES = 65_536;

    private final Kernel kernel;
    private final FdPair outPipe;
    private final FdPair errPipe;
    private final Fd in;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    Capture(Kernel kernel) {
        this.kernel = kernel;
        this.in = kernel.open("/dev/null", 0, 0);
        this.outPipe = kernel.pipe();
        this.errPipe = kernel.pipe();
    }

    /** Returns the process's side. */
    Stdio stdio() {
        return new Stdio(in, outPipe.second(), errPipe.second());
    }

    /** Reads until the process has ended and what it wrote by then is read; called once it has been launched. */
    void drain(Fd pidfd) {
        outPipe.second().close();
        errPipe.second().close();
        List<Fd> fds = List.of(outPipe.first(), errPipe.first(), pidfd);
        int[] wanted = {Kernel.POLLIN, Kernel.POLLIN, Kernel.POLLIN};
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        boolean ended = false;
        while (!ended || wanted[0] + wanted[1] > 0) {
            int[] ready = kernel.poll(fds, wanted, ended ? 0 : -1);
            boolean read = take(0, outPipe.first(), ready, wanted, buffer, out);
            read |= take(1, errPipe.first(), ready, wanted, buffer, err);
            if (ended && !read) {
                return;
            }
            ended |= ready[2] != 0;
        }
    }

    /** Answers whether something was read; a pipe that has ended is no longer asked for. */
    private boolean take(int index, Fd pipe, int[] ready, int[] wanted, ByteBuffer buffer, ByteArrayOutputStream sink) {
        if (wanted[index] == 0 || ready[index] == 0) {
            return false;
        }
        int count = kernel.read(pipe, buffer.clear());
        if (count == 0) {
            wanted[index] = 0;
            return false;
        }
        byte[] bytes = new byte[count];
        buffer.flip().get(bytes);
        sink.write(bytes, 0, count);
        return true;
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        in.close();
        outPipe.close();
        errPipe.close();
    }
}
