package dev.gantry.dsl.word;

import groovy.lang.Closure;
import java.beans.Introspector;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Says what is wrong with a name or an argument. The compiler's checks and running scripts both ask here, so both say
 * the same.
 */
public final class Wording {
    private static final String DECLARE =
            "; hint: declare its type, or opt out of checks by a line with `// @dynamic` alone";

    private Wording() {}

    /** Returns whether the class is that of a script or a block, whose words are said without a receiver. */
    public static boolean isBlock(Class<?> type) {
        return Keywords.of(type).isBlock();
    }

    /** Returns whether the word exists, so that only its arguments can be wrong. */
    public static boolean isKnown(Class<?> type, String name) {
        Keywords keywords = Keywords.of(type);
        return (keywords.isBlock() ? keywords.names() : members(type)).contains(name);
    }

    /**
     * Explains a call that nothing answers.
     *
     * @param type of the receiver; for a call without one, the class of the block or the script it stands in
     * @param kinds of the arguments, see {@link Kinds}
     */
    public static String call(Class<?> type, String name, List<String> kinds) {
        return call(type, name, kinds, List.of());
    }

    /**
     * Does the same where some arguments are named.
     *
     * @param options the names; others than the word knows are more telling than the kinds
     */
    public static String call(Class<?> type, String name, List<String> kinds, List<String> options) {
        Keywords keywords = Keywords.of(type);
        if (isKnown(type, name)) {
            return options.stream()
                    .map(option -> unknownOption(keywords, name, option))
                    .flatMap(Optional::stream)
                    .findFirst()
                    .orElseGet(() -> unfit(keywords, name, kinds));
        }
        return keywords.isBlock() ? unknown(keywords, name) : missing(type, name);
    }

    /**
     * Explains a name that stands for nothing: an undeclared variable, or a property that its owner does not have.
     *
     * @param type as for {@link #call}
     */
    public static String property(Class<?> type, String name) {
        Keywords keywords = Keywords.of(Closure.class.isAssignableFrom(type) ? Keywords.script() : type);
        if (!keywords.isBlock()) {
            return missing(type, name);
        }
        return keywords.example(name)
                .map(example -> "%s: `%s` is a keyword, not a variable; hint: write `%s`"
                        .formatted(keywords.label(), name, example))
                .orElseGet(() -> "%s: unknown name `%s`%s"
                        .formatted(keywords.label(), name, hint(variable(keywords, name), name, keywords.names())));
    }

    /**
     * Explains an operator that its operands do not have.
     *
     * @param method by which Groovy calls the operator, such as {@code plus}
     * @param kinds of the operands, see {@link Kinds}
     */
    public static String operator(String method, List<String> kinds) {
        String hint = kinds.contains(Kinds.UNKNOWN) ? DECLARE : "";
        return "`%s` is not defined for %s%s".formatted(Operators.symbol(method), String.join(" and ", kinds), hint);
    }

    /**
     * Explains a value that a variable, or a property, cannot hold.
     *
     * @param variable what it holds, see {@link Kinds}
     */
    public static String assignment(String variable, String kind) {
        return "%s does not fit a variable for %s".formatted(kind, variable);
    }

    /** Explains a named argument that the method does not take; empty if it does, or takes no named arguments. */
    public static Optional<String> option(Class<?> type, String method, String option) {
        Keywords keywords = Keywords.of(type);
        Set<String> options = keywords.options(method);
        if (options.isEmpty() || options.contains(option)) {
            return Optional.empty();
        }
        return Optional.of("%s: `%s` has no option `%s`%s"
                .formatted(owner(keywords), method, option, optionMeant(method, option, options)));
    }

    /** Returns the names of named arguments, which Groovy passes as a map. */
    public static List<String> options(Object... arguments) {
        return Stream.of(arguments)
                .filter(Map.class::isInstance)
                .flatMap(map -> ((Map<?, ?>) map).keySet().stream())
                .map(String::valueOf)
                .toList();
    }

    /** Explains the name of a class that there is not. */
    public static String noClass(String name) {
        String hint = Synonyms.ofClass(name).map("; hint: %s"::formatted).orElse("");
        return "unable to resolve class %s%s".formatted(name, hint);
    }

    private static Optional<String> unknownOption(Keywords keywords, String method, String option) {
        Set<String> options = keywords.options(method);
        boolean isTelling = keywords.isOfLanguage() && !options.contains(option);
        return !isTelling
                        || options.isEmpty()
                                && Synonyms.ofOption(method, option, options::contains)
                                        .isEmpty()
                ? Optional.empty()
                : Optional.of("%s: `%s` has no option `%s`%s"
                        .formatted(owner(keywords), method, option, optionMeant(method, option, options)));
    }

    private static String optionMeant(String method, String option, Set<String> options) {
        String near = hint(Synonyms.ofOption(method, option, options::contains), option, options);
        return near.isEmpty() && !options.isEmpty()
                ? "; its options: `%s`".formatted(String.join("`, `", options))
                : near;
    }

    /** Returns a question that names the candidate that may have been meant; empty if there is none. */
    public static String meant(String word, Set<String> candidates) {
        return Nearest.to(word, candidates)
                .map("; did you mean `%s`?"::formatted)
                .orElse("");
    }

    /** Returns the hint of a synonym or, if there is none, the candidate that may have been meant. */
    private static String hint(Optional<String> synonym, String word, Set<String> candidates) {
        return synonym.map("; hint: %s"::formatted).orElseGet(() -> meant(word, candidates));
    }

    private static Optional<String> variable(Keywords keywords, String name) {
        return Synonyms.ofWord(keywords, name)
                .or(() -> Synonyms.ofOtherWord(keywords, name))
                .or(() -> Synonyms.ofVariable(name));
    }

    private static String unknown(Keywords keywords, String name) {
        String what = "%s: unknown keyword `%s`".formatted(keywords.label(), name);
        Optional<String> synonym = Synonyms.ofWord(keywords, name);
        if (synonym.isPresent()) {
            return "%s; hint: %s".formatted(what, synonym.get());
        }
        for (Keywords other : Keywords.all()) {
            if (other.names().contains(name)) {
                return "%s; hint: it belongs in %s".formatted(what, where(other));
            }
        }
        String near = hint(Synonyms.ofOtherWord(keywords, name), name, keywords.names());
        if (!near.isEmpty()) {
            return what + near;
        }
        for (Keywords other : Keywords.all()) {
            Optional<String> nearest = Nearest.to(name, other.names());
            if (nearest.isPresent()) {
                return "%s; did you mean `%s` in %s?".formatted(what, nearest.get(), where(other));
            }
        }
        return what;
    }

    private static String where(Keywords keywords) {
        return keywords.areOfScript() ? "no block" : "`%s { }`".formatted(keywords.label());
    }

    private static String unfit(Keywords keywords, String name, List<String> kinds) {
        boolean nothing = kinds.isEmpty() || kinds.equals(List.of(Kinds.NULL)); // Groovy may pass null for nothing
        String what = nothing ? "needs a value" : "cannot take " + String.join(", ", kinds);
        String hint = kinds.contains(Kinds.UNKNOWN)
                ? DECLARE
                : keywords.example(name).map("; hint: write `%s`"::formatted).orElse("");
        return "%s: `%s` %s%s".formatted(owner(keywords), name, what, hint);
    }

    private static String owner(Keywords keywords) {
        return keywords.isOfLanguage() ? keywords.label() : Kinds.of(keywords.type());
    }

    private static String missing(Class<?> type, String name) {
        Set<String> members = members(type);
        if (members.contains(name)) { // asked for in another way: without its arguments, or with those of none
            String way = Keywords.of(type)
                    .example(name)
                    .map("; hint: write `%s`"::formatted)
                    .orElse("");
            return "%s has `%s` only as a call%s".formatted(Kinds.of(type), name, way);
        }
        String hint = type == Object.class ? DECLARE : hint(Synonyms.ofMember(type, name), name, members);
        return "%s has no `%s`%s".formatted(Kinds.of(type), name, hint);
    }

    /** Returns what a script can write after the dot. */
    private static Set<String> members(Class<?> type) {
        Set<String> names = new TreeSet<>();
        for (Method method : type.getMethods()) {
            boolean getter = method.getName().matches("get[A-Z].*") && method.getParameterCount() == 0;
            names.add(getter ? Introspector.decapitalize(method.getName().substring(3)) : method.getName());
        }
        if (Kinds.isNumber(type)) {
            names.addAll(NumberExtensions.UNITS);
        }
        return names;
    }
}
