package dev.gantry.dsl;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.error.ContainerException;
import dev.gantry.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The lines of a block {@code landlock { }} that say what an annotation does. */
final class LandlockWords {
    private static final Set<String> WORDS = Set.of("read", "exec", "write");
    private static final Map<String, String> PORTS = Map.of("bind_tcp", "bind", "connect_tcp", "connect");
    private static final List<String> MEMBERS = List.of("handledAccessFs", "paths", "ports", "scoped");

    private LandlockWords() {}

    /** Returns the lines; none if the block would become another text than this one. */
    static List<String> of(String text) {
        try {
            JsonNode tree = Json.parse(text.getBytes(StandardCharsets.UTF_8), "annotation");
            List<String> names = new ArrayList<>();
            tree.properties().forEach(member -> names.add(member.getKey()));
            boolean ordered = MEMBERS.stream().filter(names::contains).toList().equals(names);
            if (!tree.isObject() || !ordered || !Json.compact(tree).equals(text)) {
                return List.of();
            }
            List<String> lines = new ArrayList<>();
            if (tree.has("handledAccessFs")) {
                lines.add("handle " + values(tree.get("handledAccessFs")));
            }
            tree.path("paths").forEach(rule -> lines.add(path(rule)));
            tree.path("ports").forEach(rule -> lines.add(port(rule)));
            if (tree.has("scoped")) {
                lines.add("scope " + values(tree.get("scoped")));
            }
            return lines;
        } catch (ContainerException | IllegalArgumentException e) {
            return List.of();
        }
    }

    private static String path(JsonNode rule) {
        requireMembers(rule, "path", "access");
        JsonNode access = rule.get("access");
        String path = Decompiler.quoted(rule.get("path").textValue());
        boolean isWord = access.size() == 1 && WORDS.contains(access.get(0).asText());
        access.forEach(item -> require(isWord || !WORDS.contains(item.asText())));
        return isWord ? access.get(0).asText() + " " + path : "allow %s, on: [%s]".formatted(values(access), path);
    }

    private static String port(JsonNode rule) {
        requireMembers(rule, "port", "access");
        JsonNode access = rule.get("access");
        String word = access.size() == 1 ? PORTS.get(access.get(0).asText()) : null;
        require(word != null && rule.get("port").canConvertToInt());
        return word + " " + rule.get("port").intValue();
    }

    private static String values(JsonNode list) {
        require(list.isArray() && !list.isEmpty());
        List<String> values = new ArrayList<>();
        for (JsonNode item : list) {
            require(item.isTextual() || item.isIntegralNumber());
            values.add(item.isTextual() ? Decompiler.quoted(item.textValue()) : item.longValue() + "L");
        }
        return String.join(", ", values);
    }

    private static void requireMembers(JsonNode object, String first, String second) {
        List<String> names = new ArrayList<>();
        object.properties().forEach(member -> names.add(member.getKey()));
        require(names.equals(List.of(first, second)));
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("no words for it");
        }
    }
}
