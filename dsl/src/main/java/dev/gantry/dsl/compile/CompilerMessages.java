package dev.gantry.dsl.compile;

import dev.gantry.dsl.source.Mistake;
import dev.gantry.dsl.source.ScriptSource;
import dev.gantry.dsl.source.Span;
import dev.gantry.dsl.word.Kinds;
import dev.gantry.dsl.word.Operators;
import dev.gantry.dsl.word.Wording;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.codehaus.groovy.ast.ClassHelper;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.control.CompilationFailedException;
import org.codehaus.groovy.control.MultipleCompilationErrorsException;
import org.codehaus.groovy.control.messages.ExceptionMessage;
import org.codehaus.groovy.control.messages.Message;
import org.codehaus.groovy.control.messages.SyntaxErrorMessage;
import org.codehaus.groovy.syntax.SyntaxException;

/** Turns what Groovy's compiler says about a script into what Gantry says. */
final class CompilerMessages {
    private static final Pattern NO_METHOD =
            Pattern.compile("Cannot find matching method ([\\w.$]+)(?:<.*>)?#(\\w+)[(.]");

    private static final Pattern ASSIGNMENT = Pattern.compile("Cannot assign value of type ([\\w.$]+)(?:<.*>)?(\\[])?"
            + " to variable of type ([\\w.$]+)(?:<.*>)?(\\[])?");

    private static final Pattern BUG_LINE = Pattern.compile("^BUG! .* at line (\\d+) column \\d+");

    private static final Pattern NO_CLASS = Pattern.compile("unable to resolve class (?:[a-z]\\w*\\.)*(\\w+)");

    private static final Pattern OPEN_TEXT =
            Pattern.compile("(?:Unexpected character|token recognition error at): '(?:\"|\\\\'|')'");

    private CompilerMessages() {}

    /**
     * Returns the mistake of a text on which the compiler itself fails.
     *
     * @param bug what it threw
     * @param line near which it was, as far as is known; 1 or more
     */
    static List<Mistake> failing(Throwable bug, ScriptSource source, int line) {
        String message = Stream.iterate(bug, Objects::nonNull, Throwable::getCause)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .filter(text -> BUG_LINE.matcher(text).find())
                .findFirst()
                .orElse("");
        Matcher place = BUG_LINE.matcher(message);
        return List.of(source.mistake(
                source.place(place.find() ? Integer.parseInt(place.group(1)) : line),
                Span.LINE,
                "script: Groovy's compiler fails on what is near this line; hint: write it in another way, or"
                        + " opt out of checks by a line with `// @dynamic` alone"));
    }

    /** Returns the mistake of a text that the compiler, which calls itself for each level, cannot read at all. */
    static List<Mistake> tooDeep(ScriptSource source) {
        return List.of(
                source.mistake(source.place(1), Span.LINE, "script: its brackets or calls are nested too deeply"));
    }

    /** Returns all mistakes that made a compilation fail, one for each place, in the order of their places. */
    static List<Mistake> mistakes(CompilationFailedException failure, ScriptSource source) {
        Optional<Throwable> limit = limit(failure);
        if (limit.isPresent()) {
            return limit.get() instanceof StackOverflowError
                    ? tooDeep(source)
                    : List.of(source.mistake(
                            source.place(1), Span.LINE, limit.get().getMessage()));
        }
        List<Mistake> mistakes = new ArrayList<>();
        Set<List<Integer>> places = new HashSet<>(); // the first message about a place is ours, if any is
        if (failure instanceof MultipleCompilationErrorsException multiple) {
            for (Message message : multiple.getErrorCollector().getErrors()) {
                if (message instanceof SyntaxErrorMessage syntax && places.add(place(syntax.getCause()))) {
                    mistakes.add(mistake(syntax.getCause(), source));
                }
            }
        }
        if (mistakes.isEmpty()) {
            return failing(bug(failure), source, 1);
        }
        mistakes.sort(
                Comparator.comparingInt((Mistake mistake) -> mistake.place().line())
                        .thenComparingInt(Mistake::column));
        return mistakes;
    }

    /** Returns what ended the compiler before it could find a mistake. */
    static Optional<Throwable> limit(Throwable failure) {
        Stream<Throwable> reported = failure instanceof MultipleCompilationErrorsException multiple
                ? multiple.getErrorCollector().getErrors().stream()
                        .map(message -> message instanceof ExceptionMessage exception
                                ? exception.getCause()
                                : message instanceof SyntaxErrorMessage syntax ? syntax.getCause() : null)
                : Stream.of(failure);
        return reported.flatMap(each -> Stream.iterate(each, Objects::nonNull, Throwable::getCause))
                .filter(each -> each instanceof StackOverflowError || each instanceof CachingParser.TooLong)
                .findFirst();
    }

    /** Returns what the compiler reports of itself, not of the text. */
    private static Throwable bug(CompilationFailedException failure) {
        return failure instanceof MultipleCompilationErrorsException multiple
                        && multiple.getErrorCollector().getError(0) instanceof ExceptionMessage exception
                ? exception.getCause()
                : failure;
    }

    private static List<Integer> place(SyntaxException error) {
        return List.of(error.getStartLine(), error.getStartColumn());
    }

    private static Mistake mistake(SyntaxException error, ScriptSource source) {
        if (error.getStartLine() < 1) {
            return source.mistake(source.place(1), Span.LINE, text(error.getOriginalMessage()));
        }
        String line = source.line(error.getStartLine());
        if (line.isBlank()) {
            return source.mistake(
                    source.end(), Span.LINE, "script: it ends where more must follow; hint: close all brackets");
        }
        int start = Math.min(error.getStartColumn(), line.length());
        if (OPEN_TEXT.matcher(error.getOriginalMessage()).lookingAt() && start >= 1) {
            return unclosed(source, error.getStartLine(), start, line);
        }
        boolean severalLines = error.getEndLine() != error.getStartLine();
        int end = severalLines ? line.stripTrailing().length() + 1 : Math.min(error.getEndColumn(), line.length() + 1);
        int length = Math.max(1, end - start);
        String text =
                error.getOriginalMessage().startsWith("Unexpected input") // and then tells all that came before it
                        ? "script: `%s` is not expected here".formatted(line.substring(start - 1, start - 1 + length))
                        : text(error.getOriginalMessage());
        return new Mistake(source.place(error.getStartLine()), start, length, text, line);
    }

    /** The mistake of a text without an end, of which the compiler cannot read the first quote. */
    private static Mistake unclosed(ScriptSource source, int number, int column, String line) {
        String quote = line.substring(column - 1, column);
        String before = line.substring(0, column - 1);
        boolean isLong = before.endsWith(quote + quote);
        String hint = isLong
                ? "add `%s` at its end".formatted(quote.repeat(3))
                : "add `%s` at its end; one of several lines is between `%s`".formatted(quote, quote.repeat(3));
        String text = "script: a text begins here and is not closed; hint: " + hint;
        int start = isLong ? column - 2 : column;
        return new Mistake(source.place(number), start, isLong ? 3 : 1, text, line);
    }

    /** Turns a message of Groovy's into one of ours: lower case, and without the packages of classes. */
    private static String text(String original) {
        String message = original.replaceFirst("^\\[Static type checking] - ", "")
                .replaceFirst("^token recognition error at:", "Unexpected character:");
        Matcher method = NO_METHOD.matcher(message);
        if (method.lookingAt()) {
            return Operators.isOne(method.group(2))
                    ? Wording.operator(method.group(2), List.of(kind(method.group(1))))
                    : "%s has no `%s`".formatted(kind(method.group(1)), method.group(2));
        }
        Matcher assignment = ASSIGNMENT.matcher(message);
        if (assignment.lookingAt()) {
            return Wording.assignment(
                    kind(assignment.group(3), assignment.group(4)), kind(assignment.group(1), assignment.group(2)));
        }
        Matcher missingClass = NO_CLASS.matcher(message);
        if (missingClass.lookingAt()) {
            return Wording.noClass(missingClass.group(1));
        }
        String text = message.replaceAll("\\b(?:[a-z]\\w*\\.)+(?=[A-Z])", "")
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst("\\.$", "");
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    private static String kind(String className, String brackets) {
        return brackets == null ? kind(className) : Kinds.of(Object[].class);
    }

    private static String kind(String className) {
        ClassNode primitive = ClassHelper.make(className);
        if (ClassHelper.isPrimitiveType(primitive)) {
            return Kinds.of(ClassHelper.getWrapper(primitive).getTypeClass());
        }
        try {
            return Kinds.of(Class.forName(className, false, CompilerMessages.class.getClassLoader()));
        } catch (ClassNotFoundException e) {
            return "`%s`".formatted(className); // one of the script's own
        }
    }
}
