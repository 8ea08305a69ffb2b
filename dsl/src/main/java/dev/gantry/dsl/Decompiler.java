package dev.gantry.dsl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.codec.OciWriter;
import dev.gantry.plan.GantryAnnotations;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes a config as a script that defines it: in words where a word says the same, in {@code raw} for the rest. A pure
 * function; the script compiles to an equal config.
 */
public final class Decompiler {
    private static final Set<String> MOUNT = Set.of("destination", "type", "source", "options");
    private static final List<String> CAPABILITY_SETS =
            List.of("bounding", "effective", "inheritable", "permitted", "ambient");

    private final StringBuilder out = new StringBuilder();
    private int depth;

    private Decompiler() {}

    /** Returns the text of a script that defines a container with this config. */
    public static String script(String id, OciConfig config) {
        return new Decompiler().write(id, OciWriter.node(config));
    }

    private String write(String id, ObjectNode tree) {
        open("container(%s)".formatted(quoted(id)));
        line("preset 'none' // everything is said below");
        text(tree, "ociVersion");
        text(tree, "hostname");
        text(tree, "domainname");
        block(tree, "process", this::process);
        mounts(tree);
        landlock(tree);
        entries(tree, "annotations", "annotations");
        if (tree.get("linux") instanceof ObjectNode linux) {
            entries(linux, "sysctl", "sysctl");
            text(linux, "cgroupsPath");
            text(linux, "rootfsPropagation");
            text(linux, "mountLabel");
            texts(linux, "maskedPaths");
            texts(linux, "readonlyPaths");
            block(linux, "seccomp", this::seccomp);
            if (linux.isEmpty()) {
                tree.remove("linux");
            }
        }
        if (!tree.isEmpty()) {
            line("raw(" + literal(tree, "    ") + ")");
        }
        close();
        return out.toString();
    }

    private void process(ObjectNode process) {
        texts(process, "args");
        text(process, "cwd");
        if (process.get("env") != null && isPlain(process.get("env"))) {
            process.remove("env").forEach(entry -> {
                String text = entry.textValue();
                int equals = text.indexOf('=');
                line("env %s: %s".formatted(quoted(text.substring(0, equals)), quoted(text.substring(equals + 1))));
            });
        }
        text(process, "apparmorProfile");
        text(process, "selinuxLabel");
        flag(process, "noNewPrivileges");
        if (process.get("oomScoreAdj") != null) {
            line("oomScoreAdj(" + process.remove("oomScoreAdj").asText() + ")");
        }
        block(process, "capabilities", sets -> CAPABILITY_SETS.forEach(set -> texts(sets, set)));
    }

    /** Returns whether each variable is one entry with a name, in which a map says the same. */
    private static boolean isPlain(JsonNode env) {
        List<String> names = new ArrayList<>();
        env.forEach(entry -> {
            String text = entry.asText();
            names.add(text.substring(0, Math.max(0, text.indexOf('='))));
        });
        return names.stream().distinct().count() == names.size() && !names.contains("");
    }

    private void mounts(ObjectNode tree) {
        JsonNode mounts = tree.get("mounts");
        if (mounts == null || mounts.isEmpty()) {
            return;
        }
        List<String> destinations = new ArrayList<>();
        boolean plain = true;
        for (JsonNode mount : mounts) {
            destinations.add(mount.path("destination").asText());
            plain &= mount.path("destination").asText().startsWith("/")
                    && mount.has("type")
                    && mount.has("source")
                    && mount.properties().stream().allMatch(member -> MOUNT.contains(member.getKey()));
        }
        if (!plain || destinations.stream().distinct().count() < destinations.size()) {
            return; // for raw
        }
        open("mounts");
        for (JsonNode mount : tree.remove("mounts")) {
            String options = mount.has("options") ? ", options: " + literal(mount.get("options"), "") : "";
            line("mount type: %s, source: %s, to: %s%s"
                    .formatted(
                            quoted(mount.get("type").textValue()),
                            quoted(mount.get("source").textValue()),
                            quoted(mount.get("destination").textValue()),
                            options));
        }
        close();
    }

    private void landlock(ObjectNode tree) {
        if (!(tree.get("annotations") instanceof ObjectNode annotations)
                || !annotations.has(GantryAnnotations.LANDLOCK)) {
            return;
        }
        List<String> lines =
                LandlockWords.of(annotations.get(GantryAnnotations.LANDLOCK).textValue());
        if (!lines.isEmpty()) {
            annotations.remove(GantryAnnotations.LANDLOCK);
            open("landlock");
            lines.forEach(this::line);
            close();
            if (annotations.isEmpty()) {
                tree.remove("annotations");
            }
        }
    }

    private void seccomp(ObjectNode seccomp) {
        JsonNode errno = seccomp.remove("defaultErrnoRet");
        JsonNode action = seccomp.remove("defaultAction");
        line("defaultAction %s%s"
                .formatted(quoted(action.asText()), errno == null ? "" : ", errnoRet: " + errno.asText()));
        texts(seccomp, "architectures");
        texts(seccomp, "flags");
        JsonNode calls = seccomp.remove("syscalls");
        if (calls != null) {
            calls.forEach(call -> line("syscall %s, action: %s%s%s"
                    .formatted(
                            texts(call.get("names")),
                            quoted(call.get("action").asText()),
                            call.has("errnoRet")
                                    ? ", errnoRet: " + call.get("errnoRet").asText()
                                    : "",
                            call.has("args") ? ", args: " + literal(call.get("args"), "") : "")));
        }
    }

    /** Writes a block and lets it take out what it has words for; the rest stays for raw. */
    private void block(ObjectNode tree, String name, java.util.function.Consumer<ObjectNode> body) {
        if (tree.get(name) instanceof ObjectNode object) {
            open(name);
            body.accept(object);
            close();
            if (object.isEmpty()) {
                tree.remove(name);
            }
        }
    }

    private void text(ObjectNode tree, String name) {
        if (tree.get(name) != null) {
            line("%s %s".formatted(name, quoted(tree.remove(name).textValue())));
        }
    }

    private void flag(ObjectNode tree, String name) {
        if (tree.get(name) != null) {
            line("%s %s".formatted(name, tree.remove(name).asText()));
        }
    }

    private void texts(ObjectNode tree, String name) {
        if (tree.get(name) != null && !tree.get(name).isEmpty()) {
            line("%s %s".formatted(name, texts(tree.remove(name))));
        }
    }

    private static String texts(JsonNode list) {
        List<String> words = new ArrayList<>();
        list.forEach(item -> words.add(quoted(item.textValue())));
        return String.join(", ", words);
    }

    private void entries(ObjectNode tree, String name, String keyword) {
        if (tree.get(name) != null) {
            for (Map.Entry<String, JsonNode> entry : tree.remove(name).properties()) {
                line("%s %s: %s"
                        .formatted(
                                keyword,
                                quoted(entry.getKey()),
                                quoted(entry.getValue().textValue())));
            }
        }
    }

    private static String literal(JsonNode node, String indent) {
        if (node.isObject()) {
            List<String> members = new ArrayList<>();
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                members.add(quoted(member.getKey()) + ": " + literal(member.getValue(), ""));
            }
            String between = indent.isEmpty() ? ", " : ",\n" + indent + indent;
            return "[" + (members.isEmpty() ? ":" : String.join(between, members)) + "]";
        } else if (node.isArray()) {
            List<String> items = new ArrayList<>();
            for (Iterator<JsonNode> each = node.elements(); each.hasNext(); ) {
                items.add(literal(each.next(), ""));
            }
            return "[" + String.join(", ", items) + "]";
        }
        return node.isTextual() ? quoted(node.textValue()) : number(node);
    }

    private static String number(JsonNode node) {
        return node.isBigInteger() ? node.asText() + "G" : node.isLong() ? node.asText() + "L" : node.asText();
    }

    /** Returns a text as Groovy writes it, which reads escapes and Unicode as Java does. */
    static String quoted(String text) {
        String plain = text.chars()
                .mapToObj(c -> switch (c) {
                    case '\\' -> "\\\\";
                    case '\'' -> "\\'";
                    case '\n' -> "\\n";
                    case '\r' -> "\\r";
                    case '\t' -> "\\t";
                    default -> c < ' ' || c > '~' ? "\\u%04x".formatted(c) : Character.toString(c);
                })
                .collect(Collectors.joining());
        return "'" + plain + "'";
    }

    private void open(String head) {
        line(head + " {");
        depth++;
    }

    private void close() {
        depth--;
        line("}");
    }

    private void line(String text) {
        out.append("    ".repeat(depth)).append(text).append('\n');
    }
}
