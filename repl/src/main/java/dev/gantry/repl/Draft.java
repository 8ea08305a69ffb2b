package dev.gantry.repl;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What can be known of Groovy text that may not be finished: which brackets, quotes and comments are open at its end.
 *
 * <p>A scanner, not a parser: the compiler cannot tell a text that goes on from one that is wrong.
 *
 * @param open the openings that wait for their end, the outermost first
 */
record Draft(List<Opening> open) {
    private static final String BEFORE_A_SLASHY_STRING = "(,=:[!&|?{};~<>+-*%\n";

    /**
     * A bracket, a quote or a comment.
     *
     * @param text as it was written
     * @param word the name before a bracket; empty if there is none
     * @param at where it stands in the text
     */
    record Opening(String text, String word, int at) {
        boolean isString() {
            return text.indexOf('\'') >= 0 || text.indexOf('"') >= 0 || text.equals("/") || text.equals("$/");
        }

        String end() {
            return switch (text) {
                case "{", "${" -> "}";
                case "(" -> ")";
                case "[" -> "]";
                case "/*" -> "*/";
                case "$/" -> "/$";
                case "//" -> "\n";
                default -> text;
            };
        }
    }

    Draft {
        open = List.copyOf(open);
    }

    static Draft of(String text) {
        Scan scan = new Scan(false);
        scan.add(text);
        return scan.draft();
    }

    /** Returns where in a text which blocks are open, as {@link #blocks} tells them: by the place where that begins. */
    static NavigableMap<Integer, List<String>> blocksByPlace(String text) {
        Scan scan = new Scan(true);
        scan.add(text);
        return scan.blocksByPlace;
    }

    /** Returns whether more lines must follow; a quote that may not span lines is not waited for. */
    boolean isUnfinished() {
        return open.stream().anyMatch(Draft::isWaitedFor);
    }

    private static boolean isWaitedFor(Opening opening) {
        return switch (opening.text()) {
            case "'", "\"", "/", "//" -> false;
            default -> true;
        };
    }

    /** Returns what is missing, the next first: {@code )}}. */
    String missing() {
        StringBuilder missing = new StringBuilder();
        List<Opening> inside = new ArrayList<>(open);
        Collections.reverse(inside);
        inside.forEach(opening -> missing.append(opening.end()));
        return missing.toString().strip();
    }

    /** Returns the names of the blocks around the end of the text, the outermost first. */
    List<String> blocks() {
        return blocks(open);
    }

    private static List<String> blocks(List<Opening> outermostFirst) {
        return outermostFirst.stream()
                .filter(opening -> opening.text().equals("{") && !opening.word().isEmpty())
                .map(Opening::word)
                .toList();
    }

    /** Returns whether the end of the text is in a string. */
    boolean isInString() {
        return !open.isEmpty() && open.get(open.size() - 1).isString();
    }

    /** One run over a text, which may come line by line: each is looked at once. */
    static final class Scan {
        private static final int MAX_BLOCKS = 50;

        private final StringBuilder text = new StringBuilder();
        private final boolean notesBlocks;
        private final Deque<Opening> open = new ArrayDeque<>();
        private final NavigableMap<Integer, List<String>> blocksByPlace = new TreeMap<>(Map.of(0, List.of()));
        private int at;

        /** @param notesBlocks whether the blocks of each place will be wanted */
        Scan(boolean notesBlocks) {
            this.notesBlocks = notesBlocks;
        }

        void add(String more) {
            text.append(more);
            while (at < text.length()) {
                Opening inside = open.peek();
                if (inside == null || !(inside.isString() || inside.text().startsWith("/"))) {
                    code();
                } else {
                    int passed = skipped(inside); // which may move on by itself
                    at += passed;
                }
            }
        }

        boolean isUnfinished() {
            return open.stream().anyMatch(Draft::isWaitedFor);
        }

        Draft draft() {
            return new Draft(outermostFirst());
        }

        private boolean has(String token) {
            int end = at + token.length();
            return end <= text.length() && CharSequence.compare(token, text.subSequence(at, end)) == 0;
        }

        /** Deeper ones are taken for those around them: nobody reads that, and lists of lists would fill the memory. */
        private void noteBlocks() {
            if (notesBlocks && open.size() <= MAX_BLOCKS) {
                blocksByPlace.put(at, blocks(outermostFirst()));
            }
        }

        private List<Opening> outermostFirst() {
            List<Opening> all = new ArrayList<>(open);
            Collections.reverse(all);
            return all;
        }

        /** In a string or a comment: what does not end it is passed over. */
        private int skipped(Opening inside) {
            if (inside.isString() && text.charAt(at) == '\\' && !inside.text().equals("$/")) {
                return 2;
            }
            boolean interpolates = inside.isString() && inside.text().charAt(0) != '\'';
            if (interpolates && has("${")) {
                push("${", "");
                return 0;
            }
            if (has(inside.end())) {
                open.pop();
                return inside.end().length();
            }
            boolean endsWithLine = inside.text().equals("'") || inside.text().equals("\"");
            if (endsWithLine && text.charAt(at) == '\n') {
                open.pop();
            }
            return 1;
        }

        private void code() {
            char c = text.charAt(at);
            for (String start : List.of("//", "/*", "'''", "\"\"\"", "$/")) {
                if (has(start)) {
                    push(start, "");
                    return;
                }
            }
            switch (c) {
                case '\'', '"' -> push(String.valueOf(c), "");
                case '/' -> {
                    if (startsSlashyString()) {
                        push("/", "");
                    } else {
                        at++;
                    }
                }
                case '{', '(', '[' -> push(String.valueOf(c), wordBefore());
                case '}', ')', ']' -> {
                    if (!open.isEmpty() && open.peek().end().equals(String.valueOf(c))) {
                        open.pop();
                        noteBlocks();
                    }
                    at++;
                }
                default -> at++;
            }
        }

        private void push(String start, String word) {
            open.push(new Opening(start, word, at));
            at += start.length();
            noteBlocks();
        }

        private boolean startsSlashyString() {
            int before = at - 1;
            while (before >= 0 && (text.charAt(before) == ' ' || text.charAt(before) == '\t')) {
                before--;
            }
            return before < 0 || BEFORE_A_SLASHY_STRING.indexOf(text.charAt(before)) >= 0;
        }

        /** The name that a bracket belongs to: {@code container} of {@code container('box') &#123;}. */
        private String wordBefore() {
            int end = at;
            while (end > 0 && text.charAt(end - 1) == ' ') {
                end--;
            }
            if (end > 0 && text.charAt(end - 1) == ')') {
                int depth = 0;
                do {
                    end--;
                    depth += text.charAt(end) == ')' ? 1 : text.charAt(end) == '(' ? -1 : 0;
                } while (end > 0 && depth > 0);
            } else if (end > 0 && (text.charAt(end - 1) == '\'' || text.charAt(end - 1) == '"')) {
                end = text.lastIndexOf(text.substring(end - 1, end), end - 2); // tmpfs '/tmp' {
                while (end > 0 && text.charAt(end - 1) == ' ') {
                    end--;
                }
            }
            int start = Math.max(end, 0);
            while (start > 0 && Character.isJavaIdentifierPart(text.charAt(start - 1))) {
                start--;
            }
            return text.substring(start, Math.max(end, start));
        }
    }
}
