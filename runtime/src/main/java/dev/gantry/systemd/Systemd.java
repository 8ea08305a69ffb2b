package dev.gantry.systemd;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.plan.UnitProperty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.UInt64;
import org.freedesktop.dbus.types.Variant;

/**
 * A connection to systemd. Thread-safe; the caller that connects closes it.
 *
 * <p>All failures are {@link ContainerException}s: systemd that is not there is UNSUPPORTED, what it refuses is KERNEL.
 */
public final class Systemd implements AutoCloseable {
    private static final String BUS_NAME = "org.freedesktop.systemd1";
    private static final String OBJECT = "/org/freedesktop/systemd1";
    private static final String DEFAULT_BUS = "unix:path=/run/dbus/system_bus_socket";
    private static final String DONE = "done";
    private static final String REPLACE = "replace";
    private static final long SECONDS = 30;

    /** What tells that systemd is the system's manager, sd_booted(3). */
    private static final Path BOOTED = Path.of("/run/systemd/system");

    private static final String SOCKET = "unix:path=";
    private static final String WITHOUT = "is systemd running here? without it, leave --systemd-cgroup out";

    private final DBusConnection connection;
    private final Manager manager;
    private final Map<String, CompletableFuture<String>> jobs = new ConcurrentHashMap<>();

    private Systemd(DBusConnection connection, Manager manager) throws DBusException {
        this.connection = connection;
        this.manager = manager;
        connection.addSigHandler(Manager.JobRemoved.class, this::removed);
    }

    /** Connects by the system's bus, {@code DBUS_SYSTEM_BUS_ADDRESS} or the default socket. */
    public static Systemd connect() {
        String address = System.getenv().getOrDefault("DBUS_SYSTEM_BUS_ADDRESS", DEFAULT_BUS);
        requireThere(address);
        try {
            DBusConnection connection =
                    DBusConnectionBuilder.forAddress(address).withShared(false).build();
            Systemd systemd = new Systemd(connection, connection.getRemoteObject(BUS_NAME, OBJECT, Manager.class));
            systemd.manager.subscribe();
            return systemd;
        } catch (DBusException | DBusExecutionException e) {
            throw new ContainerException(
                    ErrorKind.UNSUPPORTED, "connect to systemd by `%s`: %s".formatted(address, reason(e)), WITHOUT, e);
        }
    }

    /** The library tries for ten seconds to reach what is not there. The first message is runc's. */
    private static void requireThere(String address) {
        if (!Files.isDirectory(BOOTED)) {
            throw new ContainerException(
                    ErrorKind.UNSUPPORTED,
                    "systemd not running on this host, cannot use systemd cgroups manager",
                    "leave --systemd-cgroup out",
                    null);
        }
        if (address.startsWith(SOCKET) && !Files.exists(Path.of(address.substring(SOCKET.length())))) {
            throw new ContainerException(
                    ErrorKind.UNSUPPORTED,
                    "connect to systemd by `%s`: there is no such socket".formatted(address),
                    WITHOUT,
                    null);
        }
    }

    /**
     * Makes a scope; one of the same name that has failed before is forgotten first. Blocks until it is there, 30 s at
     * most.
     *
     * @param pid of the process that it begins with, which keeps it alive
     */
    public void startScope(String name, List<UnitProperty> properties, int pid) {
        List<Property> all = Stream.concat(
                        properties.stream().map(Systemd::property),
                        Stream.of(new Property("PIDs", new Variant<>(new UInt32[] {new UInt32(pid)}, "au"))))
                .toList();
        quietly(() -> manager.resetFailedUnit(name));
        run("start systemd unit `%s`".formatted(name), () -> manager.startTransientUnit(name, REPLACE, all, List.of()));
    }

    /** Changes the properties of a unit until the next boot. */
    public void set(String name, List<UnitProperty> properties) {
        try {
            manager.setUnitProperties(
                    name, true, properties.stream().map(Systemd::property).toList());
        } catch (DBusExecutionException e) {
            throw refused("set properties of systemd unit `%s`".formatted(name), reason(e), e);
        }
    }

    /** Stops a unit and all that is in it; one that is gone is no error. Blocks until it is. */
    public void stop(String name) {
        try {
            run("stop systemd unit `%s`".formatted(name), () -> manager.stopUnit(name, REPLACE));
        } catch (ContainerException e) {
            if (!(e.getCause() instanceof DBusExecutionException cause) || !isNoSuchUnit(cause)) {
                throw e;
            }
        }
        quietly(() -> manager.resetFailedUnit(name));
    }

    /** The library keeps an error's name, org.freedesktop.systemd1.NoSuchUnit, to itself. */
    private static boolean isNoSuchUnit(DBusExecutionException e) {
        return reason(e).endsWith(" not loaded.");
    }

    private static void quietly(Runnable call) {
        try {
            call.run();
        } catch (DBusExecutionException e) {
            return; // there is none to be forgotten, as nearly always
        }
    }

    private void run(String what, Supplier<DBusPath> call) {
        try {
            String result = ended(call.get().getPath()).get(SECONDS, TimeUnit.SECONDS);
            if (!result.equals(DONE)) {
                throw refused(what, "the job's result is `%s`".formatted(result), null);
            }
        } catch (DBusExecutionException e) {
            throw refused(what, reason(e), e);
        } catch (TimeoutException e) {
            throw refused(what, "the job has not ended after %d s".formatted(SECONDS), e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused(what, "interrupted", e);
        }
    }

    /** The signal may come before the answer to the call. */
    private CompletableFuture<String> ended(String job) {
        return jobs.computeIfAbsent(job, path -> new CompletableFuture<>());
    }

    private void removed(Manager.JobRemoved signal) {
        ended(signal.job().getPath()).complete(signal.result());
    }

    private static Property property(UnitProperty property) {
        return new Property(property.name(), variant(property.value()));
    }

    private static Variant<?> variant(Object value) {
        if (value instanceof Long number) {
            return new Variant<>(new UInt64(Long.toUnsignedString(number)));
        }
        return new Variant<>(value);
    }

    private static ContainerException refused(String what, String why, Exception cause) {
        return new ContainerException(ErrorKind.KERNEL, what + ": " + why, cause);
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (IOException e) {
            return; // it is gone, which is what was wanted
        }
    }
}
