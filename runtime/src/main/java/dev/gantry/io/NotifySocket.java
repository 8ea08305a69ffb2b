package dev.gantry.io;

import dev.gantry.files.IoReason;
import dev.gantry.files.RawPath;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;
import dev.gantry.oci.Mount;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.Process;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The socket on which a container reports that it is ready, sd_notify(3). The report is passed on to the process that
 * waits for this one to be ready: the container cannot see that process's socket, and pids differ inside.
 *
 * <p>It lies in a directory of the container's state, which the container has read-only as {@code /run/notify}. Used by
 * one thread at a time; its maker closes it.
 */
public final class NotifySocket implements AutoCloseable {
    private static final String DIRECTORY = "notify";
    private static final String NAME = "notify.sock";
    private static final String VARIABLE = "NOTIFY_SOCKET";
    private static final String INSIDE = "/run/notify";

    /** As much as systemd reads of a message. */
    private static final int MOST_BYTES = 4096;

    /**
     * What a container may say. Not what names a process or a descriptor, which the receiver would look for among its
     * own, nor what changes whom the receiver listens to.
     */
    private static final Set<String> PASSED_ON = Set.of(
            "READY",
            "RELOADING",
            "STOPPING",
            "MONOTONIC_USEC",
            "STATUS",
            "ERRNO",
            "BUSERROR",
            "EXIT_STATUS",
            "WATCHDOG",
            "EXTEND_TIMEOUT_USEC");

    private final Kernel kernel;
    private final Path path;
    private final Fd socket;
    private final Fd receiver;
    private final Fd container;

    private NotifySocket(Kernel kernel, Path path, Fd socket, Fd receiver, Fd container) {
        this.kernel = kernel;
        this.path = path;
        this.socket = socket;
        this.receiver = receiver;
        this.container = container;
    }

    /**
     * Begins to listen; a message that is sent from now on waits until it is passed on.
     *
     * @param dir the container's, with what {@link #prepare} made
     * @param container a pidfd of its first process; belongs to the socket from now on
     * @param to a path, or {@code @} and a name
     * @throws KernelException if nobody listens there
     */
    public static NotifySocket listen(Kernel kernel, Path dir, Fd container, String to) {
        Path path = dir.resolve(DIRECTORY).resolve(NAME);
        List<Fd> opened = new ArrayList<>(List.of(container));
        try {
            opened.add(kernel.datagramsTo(to));
            opened.add(kernel.datagramSocket(RawPath.text(path)));
            letAllWrite(kernel, path);
            return new NotifySocket(kernel, path, opened.get(2), opened.get(1), container);
        } catch (RuntimeException e) {
            opened.forEach(Fd::close);
            throw e;
        }
    }

    /** By descriptor: a process of the container, if it may do anything, could have put a link in the place by now. */
    private static void letAllWrite(Kernel kernel, Path path) {
        try (Fd made = kernel.open(RawPath.text(path), OpenFlag.PATH, OpenFlag.NOFOLLOW)) {
            Files.setPosixFilePermissions(
                    Path.of("/proc/self/fd/" + made.number()), PosixFilePermissions.fromString("rwxrwxrwx"));
        } catch (IOException e) {
            throw IoReason.failure("make `%s`".formatted(RawPath.text(path)), e);
        }
    }

    /** Makes the directory in which the socket will be. */
    public static void prepare(Kernel kernel, Path dir) {
        kernel.makeDirectory(RawPath.text(dir.resolve(DIRECTORY)), 0755);
    }

    public static boolean isPrepared(Path dir) {
        return Files.isDirectory(dir.resolve(DIRECTORY));
    }

    /** Returns the config of a container whose processes find the socket. */
    public static OciConfig offered(OciConfig config, Path dir) {
        List<Mount> mounts = new ArrayList<>(config.mounts());
        mounts.add(Mount.builder()
                .destination(INSIDE)
                .type("bind")
                .source(RawPath.text(dir.resolve(DIRECTORY)))
                .options(List.of("bind", "nosuid", "noexec", "nodev", "ro"))
                .build());
        OciConfig.Builder offered = config.toBuilder().mounts(mounts);
        Process process = config.process();
        if (process != null) {
            List<String> env = new ArrayList<>(process.env());
            env.add("%s=%s/%s".formatted(VARIABLE, INSIDE, NAME));
            offered.process(process.toBuilder().env(env).build());
        }
        return offered.build();
    }

    /**
     * Passes on what the container reports, until it is ready. Blocks.
     *
     * @param mainPid the process that the receiver is to watch from then on
     * @return whether it became ready; if not, it has ended
     */
    public boolean passOnUntilReady(long mainPid) {
        for (List<String> lines = next(); !lines.isEmpty(); lines = next()) {
            send(lines);
            if (lines.contains("READY=1")) {
                send(List.of("MAINPID=" + mainPid));
                return true;
            }
        }
        return false;
    }

    /** Passes on what the container reports, until it has ended. Blocks. */
    public void passOn() {
        for (List<String> lines = next(); !lines.isEmpty(); lines = next()) {
            send(lines);
        }
    }

    /** Waits for the next message that says something; empty if the container has ended. */
    private List<String> next() {
        for (; ; ) {
            int[] ready = kernel.poll(List.of(socket, container), new int[] {Kernel.POLLIN, Kernel.POLLIN}, -1);
            if (ready[0] == 0) {
                return List.of();
            }
            ByteBuffer message = ByteBuffer.allocateDirect(MOST_BYTES);
            kernel.read(socket, message);
            List<String> lines = StandardCharsets.UTF_8
                    .decode(message.flip())
                    .toString()
                    .lines()
                    .filter(line -> line.contains("=") && PASSED_ON.contains(line.substring(0, line.indexOf('='))))
                    .toList();
            if (!lines.isEmpty()) {
                return lines;
            }
        }
    }

    private void send(List<String> lines) {
        byte[] text = lines.stream().collect(Collectors.joining("\n")).getBytes(StandardCharsets.UTF_8);
        kernel.write(receiver, ByteBuffer.allocateDirect(text.length).put(text).flip());
    }

    /** Also removes the socket's name, so that nobody writes to it in vain. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw IoReason.failure("remove `%s`".formatted(RawPath.text(path)), e);
        } finally {
            closeAll();
        }
    }

    private void closeAll() {
        socket.close();
        receiver.close();
        container.close();
    }
}
