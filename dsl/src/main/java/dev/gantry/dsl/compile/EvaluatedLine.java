package dev.gantry.dsl.compile;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A text that was evaluated in a session.
 *
 * @param declarations what it declares, in order
 */
public record EvaluatedLine(String text, List<Declaration> declarations) {
    /** Copies the declarations. */
    public EvaluatedLine {
        declarations = List.copyOf(declarations);
    }

    /** Returns what a script cannot do again. */
    public static EvaluatedLine comment(String text) {
        return new EvaluatedLine(text.lines().map("// "::concat).collect(Collectors.joining("\n")), List.of());
    }

    /**
     * Returns the text as part of a script in which no name may be declared twice.
     *
     * @param declared the names that earlier parts declare; those of this one are added
     */
    public String text(Set<String> declared) {
        String[] lines = text.split("\n", -1);
        for (int i = declarations.size() - 1; i >= 0; i--) { // from behind, so that the columns before stay right
            Declaration declaration = declarations.get(i);
            if (isRepeated(declaration, i, declared)) {
                int line = declaration.line() - 1;
                lines[line] = lines[line].substring(0, declaration.column() - 1)
                        + lines[line].substring(declaration.nameColumn() - 1);
            }
        }
        declarations.forEach(declaration -> declared.addAll(declaration.names()));
        return String.join("\n", lines);
    }

    private boolean isRepeated(Declaration declaration, int index, Set<String> declared) {
        return declared.containsAll(declaration.names())
                || declarations.subList(0, index).stream()
                        .anyMatch(earlier -> earlier.names().containsAll(declaration.names()));
    }
}
