package dev.gantry.io;

import dev.gantry.cgroup.Cgroup;
import dev.gantry.cgroup.ControllerDirs;
import dev.gantry.cgroup.OomKills;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;
import dev.gantry.value.MemoryPressure;
import dev.gantry.value.Subscription;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tells of trouble with memory in any number of containers, on one thread, which starts with the first to be watched.
 * Thread-safe.
 */
public final class MemoryEvents implements AutoCloseable {
    private static final String PRESSURE = "memory.pressure";
    private static final int COUNTER_BYTES = 8;

    private final Kernel kernel;
    private final EventLoop<Watched> loop;

    public MemoryEvents(Kernel kernel) {
        this.kernel = kernel;
        this.loop = new EventLoop<>(kernel, "gantry-memory", (watched, token) -> {
            if (!watched.happened()) {
                forget(token);
            }
        });
    }

    /** What is watched: a counter of cgroup v1, or a file of cgroup v2 that is read again when it has changed. */
    private interface Watched {
        Fd fd();

        /** Looks what has happened; returns whether there may be more. */
        boolean happened();
    }

    /**
     * Calls {@code action} when memory runs out.
     *
     * @return ends the calls
     * @throws ContainerException if the container's memory is not counted
     */
    public Subscription onOom(ControllerDirs dirs, Runnable action) {
        Optional<String> v1 = dirs.v1("memory");
        if (v1.isPresent()) {
            return watchV1(v1.get(), "memory.oom_control", "", action);
        }
        String file = v2(dirs) + "/memory.events";
        Fd fd = kernel.open(file);
        return watch(new KillCount(fd, Path.of(file), action), Kernel.POLLPRI);
    }

    /** Calls {@code action} when memory is under pressure; otherwise as {@link #onOom}. */
    public Subscription onPressure(ControllerDirs dirs, MemoryPressure level, Runnable action) {
        Optional<String> v1 = dirs.v1("memory");
        if (v1.isPresent()) {
            return watchV1(v1.get(), "memory.pressure_level", " " + v1Name(level), action);
        }
        Path dir = Path.of(v2(dirs));
        if (!Files.exists(dir.resolve(PRESSURE))) {
            throw new ContainerException(
                    ErrorKind.UNSUPPORTED,
                    "memory pressure is not measured by this kernel",
                    "boot one with CONFIG_PSI, and psi=1",
                    null);
        }
        Fd fd = kernel.open(dir.resolve(PRESSURE).toString(), OpenFlag.RDWR);
        byte[] trigger = v2Trigger(level).getBytes(StandardCharsets.UTF_8);
        try {
            kernel.write(
                    fd, ByteBuffer.allocateDirect(trigger.length).put(trigger).flip());
        } catch (KernelException e) {
            fd.close();
            throw e;
        }
        return watch(new Trigger(fd, dir, action), Kernel.POLLPRI);
    }

    /** In the words of {@code Documentation/admin-guide/cgroup-v1/memory.rst}, 11. */
    private static String v1Name(MemoryPressure level) {
        return level.name().toLowerCase(Locale.ROOT);
    }

    /** So long stalled in each second, {@code Documentation/accounting/psi.rst}. */
    private static String v2Trigger(MemoryPressure level) {
        return switch (level) {
            case LOW -> "some 70000 1000000";
            case MEDIUM -> "some 200000 1000000";
            case CRITICAL -> "full 200000 1000000";
        };
    }

    private static String v2(ControllerDirs dirs) {
        return dirs.of("memory")
                .orElseThrow(() -> new ContainerException(
                        ErrorKind.UNSUPPORTED, "the container's memory is not watched: it has no cgroup for it"));
    }

    /** The kernel counts up an eventfd(2), also when the cgroup is removed. */
    private Subscription watchV1(String dir, String file, String argument, Runnable action) {
        Fd counter = kernel.eventFd();
        try (Fd source = kernel.open(dir + "/" + file)) {
            Cgroup.write(
                    kernel,
                    dir + "/cgroup.event_control",
                    "%d %d%s".formatted(counter.number(), source.number(), argument));
        } catch (KernelException e) {
            counter.close();
            throw e;
        }
        return watch(new Counter(kernel, counter, Path.of(dir), action), Kernel.POLLIN);
    }

    private record Counter(Kernel kernel, Fd fd, Path dir, Runnable action) implements Watched {
        @Override
        public boolean happened() {
            kernel.read(fd, ByteBuffer.allocateDirect(COUNTER_BYTES));
            boolean there = Files.exists(dir);
            if (there) {
                action.run();
            }
            return there;
        }
    }

    /** The removal of the cgroup is reported like pressure. */
    private record Trigger(Fd fd, Path dir, Runnable action) implements Watched {
        @Override
        public boolean happened() {
            boolean there = Files.exists(dir);
            if (there) {
                action.run();
            }
            return there;
        }
    }

    /** The file changes for other reasons too. */
    private static final class KillCount implements Watched {
        private final Fd fd;
        private final Path file;
        private final Runnable action;
        private long known;

        KillCount(Fd fd, Path file, Runnable action) {
            this.fd = fd;
            this.file = file;
            this.action = action;
            this.known = count().orElse(0);
        }

        @Override
        public Fd fd() {
            return fd;
        }

        @Override
        public boolean happened() {
            OptionalLong count = count();
            if (count.isPresent() && count.getAsLong() > known) {
                known = count.getAsLong();
                action.run();
            }
            return count.isPresent();
        }

        /** Empty if the container is gone. */
        private OptionalLong count() {
            return OomKills.in(file);
        }
    }

    private Subscription watch(Watched watched, int events) {
        long token = loop.add(watched, watched.fd(), events);
        return () -> forget(token);
    }

    private void forget(long token) {
        Watched watched = loop.remove(token);
        if (watched != null) {
            watched.fd().close();
        }
    }

    @Override
    public void close() {
        loop.close();
        loop.sources().forEach(watched -> watched.fd().close());
    }
}
