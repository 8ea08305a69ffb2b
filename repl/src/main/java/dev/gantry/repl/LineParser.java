package dev.gantry.repl;

import java.util.List;
import java.util.regex.Pattern;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Decides when what was typed is a whole text, and which word the cursor is in. Thread-safe. */
final class LineParser implements Parser {
    private static final Pattern OF_A_FILE = Pattern.compile("\\s*:(load|save)\\s");

    /**
     * The word at the cursor, up to the cursor.
     *
     * @param line all of the text
     * @param cursor where the cursor stands in it
     * @param word what completion replaces
     */
    record Cursor(String line, int cursor, String word) implements CompletingParsedLine {
        @Override
        public int wordCursor() {
            return word.length();
        }

        @Override
        public int wordIndex() {
            return 0;
        }

        @Override
        public List<String> words() {
            return List.of(word);
        }

        /** Nothing needs quoting: a candidate is put in as it is. */
        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            return candidate;
        }

        @Override
        public int rawWordCursor() {
            return word.length();
        }

        @Override
        public int rawWordLength() {
            return word.length();
        }
    }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        if (context == ParseContext.ACCEPT_LINE && !ColonCommands.isOne(line)) {
            Draft draft = Draft.of(line);
            if (draft.isUnfinished()) {
                throw new EOFError(-1, -1, "the text goes on", draft.missing());
            }
        }
        return new Cursor(line, cursor, word(line.substring(0, cursor)));
    }

    private static String word(String before) {
        boolean inString =
                OF_A_FILE.matcher(before).lookingAt() || Draft.of(before).isInString();
        int start = before.length();
        while (start > 0 && belongs(before.charAt(start - 1), inString)) {
            start--;
        }
        return before.substring(start);
    }

    private static boolean belongs(char c, boolean inString) {
        return inString ? c != '\'' && c != '"' && c != ' ' : Character.isJavaIdentifierPart(c);
    }
}
