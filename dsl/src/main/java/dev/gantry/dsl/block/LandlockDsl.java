package dev.gantry.dsl.block;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.dsl.source.Span;
import dev.gantry.dsl.word.Block;
import dev.gantry.dsl.word.Keyword;
import dev.gantry.dsl.word.Wording;
import dev.gantry.json.Json;
import dev.gantry.plan.GantryAnnotations;
import dev.gantry.plan.LandlockRight;
import groovy.transform.NamedParam;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The block {@code landlock { }}: which files and ports the container's processes may use, no matter which user they
 * run as. What no line allows is forbidden. It becomes the annotation {@link GantryAnnotations#LANDLOCK}.
 */
@Block("landlock")
public final class LandlockDsl extends DslSupport {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MAX_PORT = 65_535;

    private final ArrayNode handled = NODES.arrayNode();
    private final ArrayNode paths = NODES.arrayNode();
    private final ArrayNode ports = NODES.arrayNode();
    private final ArrayNode scoped = NODES.arrayNode();

    LandlockDsl(Recorder recorder) {
        super(recorder);
    }

    @Keyword(value = "Allows to read files and list directories.", example = "read '/etc'")
    public void read(String... paths) {
        paths("read", NODES.arrayNode().add("read"), paths);
    }

    @Keyword(value = "Allows to execute programs, and to read.", example = "exec '/usr'")
    public void exec(String... paths) {
        paths("exec", NODES.arrayNode().add("exec"), paths);
    }

    /** Allows everything but to execute, to make device nodes and to control devices. */
    @Keyword(value = "Allows to read and write, to make, rename and remove.", example = "write '/tmp'")
    public void write(String... paths) {
        paths("write", NODES.arrayNode().add("write"), paths);
    }

    /** Allows single rights of landlock(7), by name without prefix or by number, a mask of the kernel's bits. */
    @Keyword(value = "Allows single rights, by name or number.", example = "allow 'read_file', 8, on: ['/opt']")
    public void allow(@NamedParam("on") Map<String, ?> options, Object... rights) {
        List<String> on = Options.of(this, "allow", options).texts("on");
        if (rights.length == 0 || on.isEmpty()) {
            wrong("allow", "allow", "needs rights, and `on:` with a list of paths");
            return;
        }
        paths("allow", rights("allow", LandlockRight.Kind.FS, rights), on.toArray(String[]::new));
    }

    @Keyword(value = "Allows to connect to TCP ports, and to no others.", example = "connect 443, 5432")
    public void connect(int... numbers) {
        ports("connect", LandlockRight.CONNECT_TCP, numbers);
    }

    @Keyword(value = "Allows to bind TCP ports, and no others.", example = "bind 8080")
    public void bind(int... numbers) {
        ports("bind", LandlockRight.BIND_TCP, numbers);
    }

    /** Forbids 'signal's and connections to an 'abstract_unix_socket' beyond the processes that this one starts. */
    @Keyword(value = "Keeps 'signal' or 'abstract_unix_socket' among themselves.", example = "scope 'signal'")
    public void scope(Object... names) {
        if (takes("scope", names)) {
            scoped.addAll(rights("scope", LandlockRight.Kind.SCOPE, names));
            place();
        }
    }

    /** Forbids these rights only, where no line allows them; without it all that the kernel knows. */
    @Keyword(value = "Forbids these rights on files only.", example = "handle 'execute', 'make_reg'")
    public void handle(Object... rights) {
        if (takesOnce("handle", rights)) {
            handled.addAll(rights("handle", LandlockRight.Kind.FS, rights));
            place();
        }
    }

    private void paths(String keyword, ArrayNode access, String... given) {
        if (given.length == 0) {
            mistake(Span.of(keyword), Wording.call(getClass(), keyword, List.of()));
        } else if (takes(keyword, (Object[]) given)) {
            for (String path : given) {
                if (!path.startsWith("/")) {
                    wrong(keyword, path, "needs absolute paths, not `%s`".formatted(path));
                }
                paths.add(NODES.objectNode().put("path", path).set("access", access));
            }
            place();
        }
    }

    private void ports(String keyword, LandlockRight right, int... numbers) {
        if (numbers.length == 0) {
            mistake(Span.of(keyword), Wording.call(getClass(), keyword, List.of()));
        }
        for (int number : numbers) {
            if (number < 0 || number > MAX_PORT) {
                String text = "must be a port from 0 to %d, not `%d`".formatted(MAX_PORT, number);
                wrong(keyword, Integer.toString(number), text);
            }
            ports.add(NODES.objectNode()
                    .put("port", number)
                    .set("access", NODES.arrayNode().add(right.word())));
            place();
        }
    }

    private ArrayNode rights(String keyword, LandlockRight.Kind kind, Object... given) {
        ArrayNode rights = NODES.arrayNode();
        for (Object right : given) {
            if (right instanceof Integer || right instanceof Long) {
                rights.add(((Number) right).longValue());
            } else if (LandlockRight.of(kind, right.toString()).isPresent()) {
                rights.add(right.toString());
            } else {
                TreeSet<String> known = new TreeSet<>(
                        LandlockRight.all(kind).map(LandlockRight::word).toList());
                String text = "knows no right `%s`%s".formatted(right, Wording.meant(right.toString(), known));
                wrong(keyword, right.toString(), text);
            }
        }
        return rights;
    }

    private void place() {
        place("annotations." + GantryAnnotations.LANDLOCK);
    }

    /** Returns the annotation's value; empty if nothing was said. */
    Optional<String> text() {
        ObjectNode all = NODES.objectNode();
        add(all, "handledAccessFs", handled);
        add(all, "paths", paths);
        add(all, "ports", ports);
        add(all, "scoped", scoped);
        return all.isEmpty() ? Optional.empty() : Optional.of(Json.compact(all));
    }

    private static void add(ObjectNode all, String name, ArrayNode items) {
        if (!items.isEmpty()) {
            all.set(name, items);
        }
    }
}
