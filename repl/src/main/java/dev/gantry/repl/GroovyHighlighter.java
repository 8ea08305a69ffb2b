package dev.gantry.repl;

import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * Colours what is typed: strings, comments, numbers, Groovy's words, and the words of the block they stand in.
 * Thread-safe.
 */
final class GroovyHighlighter implements Highlighter {
    private static final Set<String> GROOVY = Set.of(
            "def", "if", "else", "for", "in", "while", "return", "new", "true", "false", "null", "import", "class",
            "as", "assert", "try", "catch", "finally", "throw", "switch", "case", "int", "long", "boolean", "String");

    private static final Pattern TOKEN = Pattern.compile("(?<comment>//[^\n]*|/\\*(?s:.*?)(?:\\*/|$))"
            + "|(?<string>'''(?s:.*?)(?:'''|$)|\"\"\"(?s:.*?)(?:\"\"\"|$)|"
            + "'(?:\\\\.|[^'\\\\\n])*'?|\"(?:\\\\.|[^\"\\\\\n])*\"?)"
            + "|(?<number>\\b\\d[\\d_]*(?:\\.\\d+)?\\b)"
            + "|(?<word>\\b[A-Za-z_]\\w*\\b)");

    private final BlockWords words;

    GroovyHighlighter(BlockWords words) {
        this.words = words;
    }

    @Override
    public AttributedString highlight(LineReader reader, String buffer) {
        AttributedStringBuilder text = new AttributedStringBuilder();
        NavigableMap<Integer, List<String>> blocks = Draft.blocksByPlace(buffer);
        Matcher token = TOKEN.matcher(buffer);
        int done = 0;
        while (token.find()) {
            text.append(buffer, done, token.start());
            boolean isMember = token.start() > 0 && buffer.charAt(token.start() - 1) == '.';
            List<String> path = blocks.floorEntry(token.start()).getValue();
            text.append(token.group(), style(token, name -> !isMember && words.has(path, name)));
            done = token.end();
        }
        return text.append(buffer.substring(done)).toAttributedString();
    }

    private static AttributedStyle style(Matcher token, Predicate<String> isOfLanguage) {
        if (token.group("comment") != null) {
            return AttributedStyle.DEFAULT.faint();
        }
        if (token.group("string") != null) {
            return AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);
        }
        if (token.group("number") != null) {
            return AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);
        }
        if (GROOVY.contains(token.group("word"))) {
            return AttributedStyle.DEFAULT.foreground(AttributedStyle.MAGENTA);
        }
        return isOfLanguage.test(token.group("word"))
                ? AttributedStyle.DEFAULT.foreground(AttributedStyle.BLUE).bold()
                : AttributedStyle.DEFAULT;
    }
}
