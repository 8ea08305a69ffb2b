package dev.gantry.plan.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.error.ContainerException;
import dev.gantry.error.Problems;
import dev.gantry.json.Json;
import dev.gantry.oci.OciConfig;
import dev.gantry.plan.GantryAnnotations;
import dev.gantry.plan.Host;
import dev.gantry.plan.Landlock;
import dev.gantry.plan.LandlockRight;
import dev.gantry.plan.LandlockRight.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the annotation {@link GantryAnnotations#LANDLOCK}, for instance
 *
 * <pre>
 * {"paths": [{"path": "/usr", "access": ["exec"]}, {"path": "/tmp", "access": ["write"]}],
 *  "ports": [{"port": 443, "access": ["connect_tcp"]}],
 *  "scoped": ["signal"]}
 * </pre>
 *
 * <p>A right is a name of {@link LandlockRight} or a number, a mask of the kernel's bits. On paths, {@code read},
 * {@code exec} and {@code write} stand for what people mean by them. {@code handledAccessFs} and
 * {@code handledAccessNet} say what is forbidden unless a rule allows it: without them, all that this kernel can forbid
 * on files if there are paths, and what the rules of ports are about. What the kernel cannot do is an error, but for
 * what the three words stand for.
 */
final class LandlockReader {
    private static final String PATH = "annotations." + GantryAnnotations.LANDLOCK;
    private static final String HANDLED_FS = "handledAccessFs";
    private static final String HANDLED_NET = "handledAccessNet";
    private static final int MAX_PORT = 65_535;

    private static final List<LandlockRight> READ = List.of(LandlockRight.READ_FILE, LandlockRight.READ_DIR);
    private static final List<LandlockRight> EXEC =
            List.of(LandlockRight.EXECUTE, LandlockRight.READ_FILE, LandlockRight.READ_DIR);
    private static final List<LandlockRight> WRITE = List.of(
            LandlockRight.READ_FILE,
            LandlockRight.READ_DIR,
            LandlockRight.WRITE_FILE,
            LandlockRight.TRUNCATE,
            LandlockRight.REMOVE_DIR,
            LandlockRight.REMOVE_FILE,
            LandlockRight.MAKE_DIR,
            LandlockRight.MAKE_REG,
            LandlockRight.MAKE_SOCK,
            LandlockRight.MAKE_FIFO,
            LandlockRight.MAKE_SYM,
            LandlockRight.REFER);
    private static final Map<String, List<LandlockRight>> WORDS = Map.of("read", READ, "exec", EXEC, "write", WRITE);

    private final JsonNode tree;
    private final int version;
    private final Problems problems;

    private LandlockReader(JsonNode tree, int version, Problems problems) {
        this.tree = tree;
        this.version = version;
        this.problems = problems;
    }

    /**
     * Returns what a config's annotation asks for.
     *
     * @param problems receives what is wrong with it or cannot be done here; then the result is of no use
     */
    static Optional<Landlock> read(OciConfig config, Host host, Problems problems) {
        String text = config.annotations().get(GantryAnnotations.LANDLOCK);
        if (text == null) {
            return Optional.empty();
        }
        if (host.landlock() == 0) {
            problems.error(
                    PATH,
                    "Landlock is not enabled on this machine",
                    "it needs Linux 5.13, and `landlock` among the modules of the boot parameter lsm=");
            return Optional.empty();
        }
        try {
            JsonNode tree = Json.parse(text.getBytes(StandardCharsets.UTF_8), GantryAnnotations.LANDLOCK);
            Problems found = new Problems();
            Landlock rules = new LandlockReader(tree, host.landlock(), found).read();
            if (found.isEmpty() && (rules.fs() | rules.net() | rules.scoped()) == 0) {
                found.error(PATH, "it restricts nothing");
            }
            problems.addAll(found);
            return Optional.of(rules);
        } catch (ContainerException e) {
            problems.error(PATH, e.getMessage());
            return Optional.empty();
        }
    }

    private Landlock read() {
        known(tree, Set.of(HANDLED_FS, HANDLED_NET, "paths", "ports", "scoped"));
        List<JsonNode> paths = items(tree, "paths");
        List<JsonNode> ports = items(tree, "ports");
        long usual = paths.isEmpty() ? 0 : all(Kind.FS);
        long fs = tree.has(HANDLED_FS) ? rights(Kind.FS, items(tree, HANDLED_FS)) : usual;
        List<Landlock.PortRule> portRules = new ArrayList<>();
        ports.forEach(rule -> portRules.add(port(rule)));
        long ofPorts = portRules.stream().mapToLong(Landlock.PortRule::access).reduce(0, (a, b) -> a | b);
        long net = tree.has(HANDLED_NET) ? rights(Kind.NET, items(tree, HANDLED_NET)) : ofPorts;
        long scoped = rights(Kind.SCOPE, items(tree, "scoped"));
        if ((ofPorts & ~net) != 0) {
            problems.error(PATH, "`ports` allows what `%s` does not list".formatted(HANDLED_NET));
        }
        List<Landlock.PathRule> pathRules = new ArrayList<>();
        paths.forEach(rule -> pathRules.add(path(rule, fs)));
        return new Landlock(fs, net, scoped, pathRules, portRules);
    }

    /** A right that is not handled need not be given; the kernel takes it in no rule. */
    private Landlock.PathRule path(JsonNode rule, long handled) {
        known(rule, Set.of("path", "access"));
        String path = rule.path("path").asText();
        if (!path.startsWith("/")) {
            problems.error(PATH, "the path `%s` is not absolute".formatted(path));
        }
        long directory = 0;
        long file = 0;
        for (JsonNode item : items(rule, "access")) {
            List<LandlockRight> word = item.isTextual() ? WORDS.get(item.textValue()) : null;
            if (word == null) {
                long right = right(Kind.FS, item);
                directory |= right;
                file |= right;
            } else {
                for (LandlockRight right : word) {
                    boolean there = right.since() <= version;
                    directory |= there ? right.mask() : 0;
                    file |= there && right.ofFiles() ? right.mask() : 0;
                }
            }
        }
        return new Landlock.PathRule(path, directory & handled, file & handled);
    }

    private Landlock.PortRule port(JsonNode rule) {
        known(rule, Set.of("port", "access"));
        JsonNode port = rule.path("port");
        if (!port.canConvertToInt() || port.intValue() < 0 || port.intValue() > MAX_PORT) {
            problems.error(PATH, "a port must be a number from 0 to %d".formatted(MAX_PORT));
        }
        long access = rights(Kind.NET, items(rule, "access"));
        if (access == 0) {
            problems.error(PATH, "port %s is given no right".formatted(port.asText()));
        }
        return new Landlock.PortRule(port.intValue(), access);
    }

    private long rights(Kind kind, List<JsonNode> items) {
        long mask = 0;
        for (JsonNode item : items) {
            mask |= right(kind, item);
        }
        return mask;
    }

    private long right(Kind kind, JsonNode item) {
        long mask = item.isIntegralNumber()
                ? item.longValue()
                : LandlockRight.of(kind, item.asText()).map(LandlockRight::mask).orElse(0L);
        if (mask == 0) {
            problems.error(PATH, "Landlock has no `%s`".formatted(item.asText()));
        } else if ((mask & ~all(kind)) != 0) {
            int needed = LandlockRight.all(kind)
                    .filter(right -> (mask & right.mask()) != 0)
                    .mapToInt(LandlockRight::since)
                    .max()
                    .orElse(0);
            boolean known = (mask & ~allOfAnyVersion(kind)) == 0;
            problems.error(
                    PATH,
                    known
                            ? "`%s` needs version %d of Landlock, this kernel has %d"
                                    .formatted(item.asText(), needed, version)
                            : "Landlock has no `%s`".formatted(item.asText()));
        }
        return mask;
    }

    /** Returns all that this kernel knows of a kind. */
    private long all(Kind kind) {
        return LandlockRight.all(kind)
                .filter(right -> right.since() <= version)
                .mapToLong(LandlockRight::mask)
                .reduce(0, (a, b) -> a | b);
    }

    private static long allOfAnyVersion(Kind kind) {
        return LandlockRight.all(kind).mapToLong(LandlockRight::mask).reduce(0, (a, b) -> a | b);
    }

    private List<JsonNode> items(JsonNode object, String name) {
        List<JsonNode> items = new ArrayList<>();
        JsonNode list = object.path(name);
        if (list.isArray()) {
            list.forEach(items::add);
        } else if (object.has(name)) {
            problems.error(PATH, "`%s` must be a list".formatted(name));
        }
        return items;
    }

    private void known(JsonNode object, Set<String> names) {
        if (!object.isObject()) {
            problems.error(PATH, "`%s` must be an object".formatted(object));
            return;
        }
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!names.contains(member.getKey())) {
                problems.error(PATH, "`%s` is unknown".formatted(member.getKey()));
            }
        }
    }
}
