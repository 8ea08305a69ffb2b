package dev.gantry.launch;

import dev.gantry.cgroup.Cgroup;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.host.OwnIds;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.init.InitBinary;
import dev.gantry.kernel.init.InitProcess;
import dev.gantry.oci.IdMapping;
import dev.gantry.plan.RuntimeStep;
import dev.gantry.plan.RuntimeStep.WriteIdMaps.Writer;
import dev.gantry.wire.Op;
import dev.gantry.wire.Orders;
import dev.gantry.wire.Report;
import dev.gantry.wire.Slot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the id maps of a process that waits in a new user namespace, see {@link RuntimeStep.WriteIdMaps}. */
final class IdMaps {
    private static final int HELPER_SECONDS = 10;

    private final Kernel kernel;
    private final InitBinary program;

    IdMaps(Kernel kernel, InitBinary program) {
        this.kernel = kernel;
        this.program = program;
    }

    /**
     * Writes both maps.
     *
     * @throws KernelException if the kernel refuses one
     * @throws ContainerException if a helper is missing or refuses
     */
    void write(int pid, RuntimeStep.WriteIdMaps maps) {
        String proc = "/proc/%d/".formatted(pid);
        if (kernel.effectiveUid() != 0 && maps.gidWriter() == Writer.SELF) {
            // without it the kernel lets nobody but root map groups, user_namespaces(7)
            Cgroup.write(kernel, proc + "setgroups", "deny");
        }
        write(pid, "uid", maps.uids(), maps.uidWriter());
        write(pid, "gid", maps.gids(), maps.gidWriter());
    }

    private void write(int pid, String kind, List<IdMapping> map, Writer writer) {
        if (writer == Writer.HELPER) {
            help("new%smap".formatted(kind), pid, map);
            return;
        }
        String lines = map.isEmpty() ? ownIds(kind) : lines(map);
        Cgroup.write(kernel, "/proc/%d/%s_map".formatted(pid, kind), lines);
    }

    private static String lines(List<IdMapping> map) {
        return map.stream()
                .map(m -> "%d %d %d\n".formatted(m.containerID(), m.hostID(), m.size()))
                .collect(Collectors.joining());
    }

    /** Root maps all the ids it has itself, one to one. */
    private static String ownIds(String kind) {
        try {
            return Files.readAllLines(Path.of("/proc/self/%s_map".formatted(kind))).stream()
                    .map(line -> line.strip().split("\\s+"))
                    .map(range -> "%s %s %s\n".formatted(range[0], range[0], range[2]))
                    .collect(Collectors.joining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The set-uid program runs as a hook does: below a gantry-init, which collects what it says and ends it in time.
     */
    private void help(String name, int pid, List<IdMapping> map) {
        List<String> args = new ArrayList<>(List.of(name, Integer.toString(pid)));
        map.forEach(m -> Stream.of(m.containerID(), m.hostID(), m.size())
                .map(String::valueOf)
                .forEach(args::add));
        Orders orders = new Orders().step(0);
        orders.add(Op.HOOK)
                .set("path", find(name).toString())
                .set("args", args)
                .set("env", List.of())
                .set("inherit_env", false)
                .set("timeout", HELPER_SECONDS)
                .set("in_root", false)
                .set("add_home", false);
        orders.add(Op.DONE);
        ByteBuffer nothing = ByteBuffer.allocateDirect(1).put((byte) '\n').flip();
        try (Fd stdin = kernel.sealedMemory("gantry-nothing", nothing, false);
                InitProcess init = InitProcess.start(kernel, program, orders.toBytes(), Map.of(Slot.STATE, stdin))) {
            Optional<InitProcess.Said> said = init.next();
            if (said.isPresent() && said.get().report().kind() == Report.Kind.FAILED) {
                throw refused(name, said.get().report());
            }
            if (init.reapStageOne().shell() != 0) {
                throw new KernelException(name, Integer.toString(pid), Errno.EPERM);
            }
        }
    }

    private static ContainerException refused(String name, Report report) {
        String kind = name.substring("new".length(), name.length() - "map".length());
        return new ContainerException(
                ErrorKind.KERNEL,
                "write id maps: %s: %s [linux.%sMappings]".formatted(name, HookFailures.why(report), kind),
                "map only ids that are yours or that `/etc/sub%s` gives you".formatted(kind),
                null);
    }

    private static Path find(String name) {
        return OwnIds.helper(name)
                .orElseThrow(() -> new ContainerException(
                        ErrorKind.UNSUPPORTED,
                        "write id maps: `%s` is not there, which maps ids for users other than root".formatted(name),
                        "install it: package uidmap or shadow-utils",
                        null));
    }
}
