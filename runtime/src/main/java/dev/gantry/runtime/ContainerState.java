package dev.gantry.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.Problems;
import dev.gantry.json.Json;
import dev.gantry.json.JsonObject;
import dev.gantry.json.JsonObjectBuilder;
import dev.gantry.oci.HookPoint;
import dev.gantry.oci.State;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is kept about a container outside of any process: its {@code state.json}.
 *
 * @param pid of the first process as the host sees it; 0 while there is none
 * @param pidStart when that process started, in clock ticks since boot, to tell it from a later one of the same pid
 * @param created when the container was made
 * @param owner the user who made it
 * @param cgroups the directories of its cgroup, to be removed with it
 * @param unit the unit of systemd's that it is in; null for none
 * @param steps how many steps the plan has by which it was made
 * @param lateHooks the points after its making at which its config has hooks
 */
public record ContainerState(
        String id,
        String bundle,
        String rootfs,
        int pid,
        long pidStart,
        Instant created,
        int owner,
        Map<String, String> annotations,
        List<String> cgroups,
        String unit,
        int steps,
        List<HookPoint> lateHooks) {
    private static final long FORMAT = 1;

    public ContainerState {
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations)); // shown in this order
        cgroups = List.copyOf(cgroups);
        lateHooks = List.copyOf(lateHooks);
    }

    ContainerState withProcess(int newPid, long start) {
        return new ContainerState(
                id, bundle, rootfs, newPid, start, created, owner, annotations, cgroups, unit, steps, lateHooks);
    }

    /** Returns what hooks and agents are told, but for a status. */
    State forHooks(String ociVersion) {
        return new State(ociVersion, id, "", pid, bundle, annotations);
    }

    byte[] toJson() {
        return Json.compact(new JsonObjectBuilder()
                        .number("format", FORMAT)
                        .string("id", id)
                        .string("bundle", bundle)
                        .string("rootfs", rootfs)
                        .number("pid", pid)
                        .number("pidStart", pidStart)
                        .string("created", created.toString())
                        .number("owner", owner)
                        .stringMap("annotations", annotations)
                        .strings("cgroups", cgroups)
                        .string("unit", unit)
                        .number("steps", steps)
                        .constants("lateHooks", lateHooks)
                        .node())
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws ContainerException if it was written by a Gantry that this one does not know
     */
    static ContainerState fromJson(byte[] utf8, String file) {
        JsonNode document = Json.parse(utf8, file);
        Problems problems = new Problems();
        JsonObject json = JsonObject.of(document, "", problems);
        Long format = json.int64("format");
        if (format == null || format != FORMAT) {
            throw new ContainerException(
                    ErrorKind.UNSUPPORTED, "`%s` has format %s, this Gantry knows %d".formatted(file, format, FORMAT));
        }
        ContainerState state = new ContainerState(
                known("id", json.string("id"), file),
                json.string("bundle"),
                json.string("rootfs"),
                known("pid", json.int32("pid"), file),
                known("pidStart", json.int64("pidStart"), file),
                instant(known("created", json.string("created"), file), file),
                known("owner", json.int32("owner"), file),
                json.stringMap("annotations"),
                json.strings("cgroups"),
                json.string("unit"),
                known("steps", json.int32("steps"), file),
                json.constants("lateHooks", HookPoint.class));
        problems.throwIfAny();
        return state;
    }

    private static <T> T known(String name, T value, String file) {
        if (value == null) {
            throw damaged(name, file, null);
        }
        return value;
    }

    private static Instant instant(String text, String file) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw damaged("created", file, e);
        }
    }

    private static ContainerException damaged(String name, String file, Throwable cause) {
        return new ContainerException(
                ErrorKind.IO, "`%s` is damaged: `%s` is missing or makes no sense".formatted(file, name), cause);
    }
}
