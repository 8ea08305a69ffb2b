package dev.gantry.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.error.ConfigException;
import dev.gantry.error.Shown;
import java.io.IOException;

/** Builds a tree from the tokens of one document. Recursion is bounded by {@link Json#MAX_DEPTH}. */
final class TreeReader {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonParser parser;
    private final String what;

    TreeReader(JsonParser parser, String what) {
        this.parser = parser;
        this.what = what;
    }

    JsonNode document() throws IOException {
        try {
            return root();
        } catch (JacksonException e) {
            JsonLocation location = e.getLocation() == null ? parser.currentLocation() : e.getLocation();
            throw refused(location, SyntaxErrors.reason(e));
        }
    }

    private JsonNode root() throws IOException {
        if (parser.nextToken() == null) {
            throw new ConfigException(what + ": the document is empty");
        }
        JsonNode root = value(0);
        if (parser.nextToken() != null) {
            throw refused("nothing may follow the end of the document");
        }
        return root;
    }

    private JsonNode value(int depth) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(depth + 1);
            case START_ARRAY -> array(depth + 1);
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDecimalValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case FIELD_NAME, END_OBJECT, END_ARRAY, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new IllegalStateException("the parser put " + parser.currentToken() + " where a value begins");
        };
    }

    private JsonNode integer() throws IOException {
        return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? NODES.numberNode(parser.getBigIntegerValue())
                : NODES.numberNode(parser.getLongValue());
    }

    private ObjectNode object(int depth) throws IOException {
        checkDepth(depth);
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            if (object.has(name)) {
                throw refused("`%s` is given twice".formatted(Shown.shortened(name)));
            }
            parser.nextToken();
            object.set(name, value(depth));
        }
        return object;
    }

    private ArrayNode array(int depth) throws IOException {
        checkDepth(depth);
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(depth));
        }
        return array;
    }

    private void checkDepth(int depth) {
        if (depth > Json.MAX_DEPTH) {
            throw refused("arrays and objects are nested deeper than " + Json.MAX_DEPTH);
        }
    }

    private ConfigException refused(String reason) {
        return refused(parser.currentTokenLocation(), reason);
    }

    private ConfigException refused(JsonLocation location, String reason) {
        return new ConfigException(
                "%s: line %d, column %d: %s".formatted(what, location.getLineNr(), location.getColumnNr(), reason));
    }
}
