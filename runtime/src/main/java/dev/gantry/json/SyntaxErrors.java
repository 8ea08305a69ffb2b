package dev.gantry.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.gantry.error.ConfigException;
import dev.gantry.error.Shown;
import java.util.Locale;

/** Words the parser's complaints as one line each. */
final class SyntaxErrors {
    private SyntaxErrors() {}

    static ConfigException explain(JacksonException error, String what) {
        return at(error.getLocation(), what, reason(error));
    }

    static ConfigException at(JsonLocation location, String what, String reason) {
        return new ConfigException(
                "%s: line %d, column %d: %s".formatted(what, location.getLineNr(), location.getColumnNr(), reason));
    }

    private static String reason(JacksonException error) {
        if (error instanceof JsonEOFException) {
            return "the document ends too early"; // Jackson's own text names its source and more locations
        }
        if (error instanceof StreamConstraintsException) {
            return "a string or number is too long";
        }
        String text = error.getOriginalMessage().lines().findFirst().orElse("not JSON");
        return Shown.escaped(text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1));
    }
}
