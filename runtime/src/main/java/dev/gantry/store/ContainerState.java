package dev.gantry.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.error.ConfigException;
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
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What is kept about a container outside of any process: its {@code state.json}.
 *
 * @param pid of the first process as the host sees it; 0 while there is none
 * @param pidStart when that process started, in clock ticks since boot, to tell it from a later one of the same pid
 * @param root the root that was made for it; null while there is none, and where it is not known
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
        RootDirectory root,
        Instant created,
        int owner,
        Map<String, String> annotations,
        List<String> cgroups,
        String unit,
        int steps,
        List<HookPoint> lateHooks) {
    private static final long FORMAT = 1;
    private static final RootDirectory.Codec ROOT = new RootDirectory.Codec();

    public ContainerState {
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations)); // shown in this order
        cgroups = List.copyOf(cgroups);
        lateHooks = List.copyOf(lateHooks);
    }

    @Override
    public String toString() {
        String process = pid == 0 ? "no process" : "pid " + pid;
        return "%s: %s, created %s, bundle %s, rootfs %s".formatted(id, process, created, bundle, rootfs);
    }

    public ContainerState withProcess(int newPid, long start, RootDirectory newRoot) {
        return new ContainerState(
                id,
                bundle,
                rootfs,
                newPid,
                start,
                newRoot,
                created,
                owner,
                annotations,
                cgroups,
                unit,
                steps,
                lateHooks);
    }

    /** Returns what hooks and agents receive, except for a status. */
    public State forHooks(String ociVersion) {
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
                        .object("root", root, ROOT)
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
     * @param id whose state it should be
     * @throws ConfigException if it is not, or is no state that this Gantry knows
     */
    static ContainerState fromJson(byte[] utf8, String id) {
        JsonNode document = Json.parse(utf8, "state");
        Problems problems = new Problems();
        JsonObject json = JsonObject.of(document, "", problems);
        Long format = json.int64("format");
        if (format == null || format != FORMAT) {
            throw new ConfigException("its format is %s, this Gantry knows %d".formatted(format, FORMAT));
        }
        ContainerState state = new ContainerState(
                known("id", json.string("id"), id::equals),
                known("bundle", json.string("bundle"), Objects::nonNull),
                known("rootfs", json.string("rootfs"), Objects::nonNull),
                known("pid", json.int32("pid"), pid -> pid >= 0),
                known("pidStart", json.int64("pidStart"), Objects::nonNull),
                json.object("root", ROOT),
                instant("created", json.string("created")),
                known("owner", json.int32("owner"), Objects::nonNull),
                json.stringMap("annotations"),
                json.strings("cgroups"),
                json.string("unit"),
                known("steps", json.int32("steps"), Objects::nonNull),
                json.constants("lateHooks", HookPoint.class));
        problems.throwIfAny();
        return state;
    }

    private static <T> T known(String name, T value, Predicate<T> makesSense) {
        if (value == null || !makesSense.test(value)) {
            throw nonsense(name);
        }
        return value;
    }

    private static Instant instant(String name, String text) {
        try {
            return Instant.parse(known(name, text, Objects::nonNull));
        } catch (DateTimeParseException e) {
            throw nonsense(name);
        }
    }

    private static ConfigException nonsense(String name) {
        return new ConfigException("`%s` is missing or makes no sense".formatted(name));
    }
}
