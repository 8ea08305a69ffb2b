package dev.gantry.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.error.ConfigException;
import dev.gantry.error.Problems;
import dev.gantry.json.Json;
import dev.gantry.json.JsonObject;
import dev.gantry.json.JsonObjectBuilder;
import dev.gantry.oci.HookPoint;
import dev.gantry.value.ContainerState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.function.Predicate;

/** The content of a {@code state.json}. */
final class StateFile {
    private static final long FORMAT = 1;
    private static final RootDirectories.Codec ROOT = new RootDirectories.Codec();

    private StateFile() {}

    static byte[] toJson(ContainerState state) {
        return Json.compact(new JsonObjectBuilder()
                        .number("format", FORMAT)
                        .string("id", state.id())
                        .string("bundle", state.bundle())
                        .string("rootfs", state.rootfs())
                        .number("pid", state.pid())
                        .number("pidStart", state.pidStart())
                        .object("root", state.root(), ROOT)
                        .string("created", state.created().toString())
                        .number("owner", state.owner())
                        .stringMap("annotations", state.annotations())
                        .strings("cgroups", state.cgroups())
                        .string("unit", state.unit())
                        .number("steps", state.steps())
                        .constants("lateHooks", state.lateHooks())
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
