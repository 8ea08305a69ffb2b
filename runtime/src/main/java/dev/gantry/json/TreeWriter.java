package dev.gantry.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Map;

/** Writes one tree as text. */
final class TreeWriter {
    private final StringBuilder out = new StringBuilder();
    private final String indent;
    private int depth;

    /** Creates a writer; an empty indent means no blanks and no line feeds at all. */
    TreeWriter(String indent) {
        this.indent = indent;
    }

    String text(JsonNode node) {
        value(node);
        return out.toString();
    }

    private void value(JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT -> object(node);
            case ARRAY -> array(node);
            case STRING -> string(node.textValue());
            case NUMBER, BOOLEAN, NULL -> out.append(node.asText());
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("not JSON: " + node.getNodeType());
        }
    }

    private void object(JsonNode object) {
        out.append('{');
        depth++;
        Iterator<Map.Entry<String, JsonNode>> members = object.properties().iterator();
        while (members.hasNext()) {
            Map.Entry<String, JsonNode> member = members.next();
            newLine();
            string(member.getKey());
            out.append(indent.isEmpty() ? ":" : ": ");
            value(member.getValue());
            separate(members);
        }
        close(object, '}');
    }

    private void array(JsonNode array) {
        out.append('[');
        depth++;
        Iterator<JsonNode> items = array.iterator();
        while (items.hasNext()) {
            newLine();
            value(items.next());
            separate(items);
        }
        close(array, ']');
    }

    private void separate(Iterator<?> rest) {
        if (rest.hasNext()) {
            out.append(',');
        }
    }

    private void close(JsonNode container, char bracket) {
        depth--;
        if (!container.isEmpty()) {
            newLine();
        }
        out.append(bracket);
    }

    private void newLine() {
        if (!indent.isEmpty()) {
            out.append('\n').append(indent.repeat(depth));
        }
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                out.append(c).append(text.charAt(++i));
            } else {
                character(c);
            }
        }
        out.append('"');
    }

    private void character(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (c < ' ' || Character.isSurrogate(c)) { // half a character has no form in UTF-8
                    out.append("\\u%04x".formatted((int) c));
                } else {
                    out.append(c);
                }
            }
        }
    }
}
