package dev.gantry.cli.oci;

import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.UsageException;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.io.ContainerProcess;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.jnr.LinuxKernel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a caller receives about a new process: its pid by a file, its terminal and its pidfd by unix sockets on which
 * the caller listens.
 *
 * @param pidFile null if it does not want to know
 * @param consoleSocket null if there is no terminal, or this process keeps it
 * @param pidfdSocket null if it does not want it
 */
record Handover(String pidFile, String consoleSocket, String pidfdSocket) {
    /**
     * Reads the options {@code --pid-file}, {@code --console-socket} and {@code --pidfd-socket}.
     *
     * @throws UsageException if the process's terminal would have nobody, or there is none for who listens
     */
    static Handover of(Invocation in, boolean terminal, boolean detached) {
        String console = in.value("console-socket", null);
        if (detached && terminal && console == null) {
            throw new ContainerException(
                    ErrorKind.CONFIG, "cannot allocate tty if gantry will detach without setting console socket");
        }
        if ((!detached || !terminal) && console != null) {
            throw new ContainerException(
                    ErrorKind.CONFIG, "cannot use console socket if gantry will not detach or allocate tty");
        }
        return new Handover(in.value("pid-file", null), console, in.value("pidfd-socket", null));
    }

    /**
     * Tells of the process.
     *
     * @throws ContainerException if the caller does not listen, or the file cannot be written
     */
    void tellOf(ContainerProcess process) {
        Kernel kernel = LinuxKernel.load();
        if (consoleSocket != null) {
            send(kernel, consoleSocket, "/dev/ptmx", process.console().orElseThrow());
        }
        if (pidfdSocket != null) {
            try (Fd pidfd = kernel.pidfd(process.pid())) {
                send(kernel, pidfdSocket, "pidfd", pidfd);
            }
        }
        if (pidFile != null) {
            PidFile.write(pidFile, process.pid());
        }
    }

    private static void send(Kernel kernel, String path, String name, Fd fd) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        try (Fd socket = kernel.connect(path)) {
            kernel.send(socket, ByteBuffer.allocateDirect(text.length).put(text).flip(), List.of(fd));
        } catch (KernelException e) {
            String hint = e.errno() == Errno.EAGAIN ? "the program that listens there does not accept" : null;
            throw new ContainerException(
                    ErrorKind.IO,
                    "hand over descriptor on `%s`: %s".formatted(path, e.errno().describe()),
                    hint,
                    e);
        }
    }
}
