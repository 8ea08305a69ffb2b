package dev.gantry.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.gantry.error.Shown;
import java.util.Locale;

/** Words the parser's complaints for people: one line, without advice on how to call the parser. */
final class SyntaxErrors {
    private SyntaxErrors() {}

    static String reason(JacksonException error) {
        if (error instanceof JsonEOFException) {
            return "the document ends too early";
        }
        if (error instanceof StreamConstraintsException) {
            return "a string or number is too long"; // depth and size are checked before the parser does
        }
        String text = error.getOriginalMessage();
        int advice = text.indexOf(": ");
        String complaint = advice < 0 ? text : text.substring(0, advice);
        return Shown.escaped(complaint.substring(0, 1).toLowerCase(Locale.ROOT) + complaint.substring(1));
    }
}
