package dev.gantry.launch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cgroup.CgroupUpdate;
import dev.gantry.cgroup.ControllerDirs;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.Problems;
import dev.gantry.files.IoReason;
import dev.gantry.oci.Linux;
import dev.gantry.oci.Memory;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.Resources;
import dev.gantry.oci.codec.OciReader;
import dev.gantry.oci.codec.OciWriter;
import dev.gantry.plan.compile.ControllerRules;
import dev.gantry.plan.compile.ResourcePlan;
import dev.gantry.plan.compile.SystemdUnit;
import dev.gantry.systemd.Systemd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The change of a running container's limits, in its cgroup and in its config. */
public final class LimitUpdate {
    private final Machinery machinery;
    private final String id;
    private final ControllerDirs dirs;
    private final String unit;

    public LimitUpdate(Machinery machinery, String id, ControllerDirs dirs, String unit) {
        this.machinery = machinery;
        this.id = id;
        this.dirs = dirs;
        this.unit = unit;
    }

    /** Returns the config as it is after a change. */
    public OciConfig changed(OciConfig config, Resources changes) {
        Linux linux = config.linux() == null ? Linux.builder().build() : config.linux();
        Linux after =
                linux.toBuilder().resources(merged(resources(config), changes)).build();
        return config.toBuilder().linux(after).build();
    }

    private static Resources resources(OciConfig config) {
        Linux linux = config.linux();
        return linux == null || linux.resources() == null ? Resources.builder().build() : linux.resources();
    }

    /** Changes the cgroup of a container that has that config. */
    public void apply(OciConfig config, Resources changes) {
        Resources before = resources(config);
        Problems problems = new Problems();
        ControllerRules.check(changes, machinery.host(), problems);
        problems.throwIfAny();
        if (changes.memory() != null && Boolean.TRUE.equals(changes.memory().checkBeforeUpdate())) {
            check(changes.memory());
        }
        tellSystemd(changes);
        try {
            new CgroupUpdate(machinery.kernel())
                    .apply(ResourcePlan.ofUpdate(changes, before, machinery.host(), dirs.dirs()));
        } catch (CgroupUpdate.Refused e) {
            tellSystemd(before);
            throw new ContainerException(
                    ErrorKind.KERNEL,
                    "update `%s`: %s: %s [%s]"
                            .formatted(
                                    id,
                                    e.change().describe(),
                                    e.reason().errno().describe(),
                                    e.change().ociPath()),
                    e.reason());
        }
    }

    private void tellSystemd(Resources limits) {
        if (unit != null) {
            try (Systemd systemd = Systemd.connect()) {
                systemd.set(unit, SystemdUnit.limits(limits, machinery.host()));
            }
        }
    }

    /** On cgroup v2 the kernel would take it, and kill until it fits; v1 refuses by itself. */
    private void check(Memory memory) {
        Optional<String> unified = dirs.of("memory")
                .filter(dir -> dirs.unified().filter(dir::equals).isPresent());
        if (unified.isEmpty() || memory.limit() == null || memory.limit() <= 0) {
            return;
        }
        try {
            long used = Long.parseLong(
                    Files.readString(Path.of(unified.get(), "memory.current")).strip());
            if (memory.limit() < used) {
                throw new ContainerException(
                        ErrorKind.STATE,
                        "update `%s`: rejecting memory limit %d < usage %d".formatted(id, memory.limit(), used));
            }
        } catch (IOException e) {
            throw IoReason.failure("update `%s`: read `memory.current`".formatted(id), e);
        }
    }

    /** What {@code changes} says wins; lists and devices of it take the place of the old ones as a whole. */
    private static Resources merged(Resources before, Resources changes) {
        ObjectNode all = OciWriter.node(before);
        merge(all, OciWriter.node(changes));
        return OciReader.resources(all, new Problems());
    }

    private static void merge(ObjectNode target, ObjectNode changes) {
        changes.properties().forEach(change -> {
            JsonNode old = target.get(change.getKey());
            if (old instanceof ObjectNode inner && change.getValue() instanceof ObjectNode more) {
                merge(inner, more);
            } else {
                target.set(change.getKey(), change.getValue());
            }
        });
    }
}
