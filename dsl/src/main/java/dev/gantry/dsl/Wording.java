package dev.gantry.dsl;

import java.beans.Introspector;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Says what is wrong with a name or an argument. The compiler's checks and running scripts both ask here, so both say
 * the same.
 */
public final class Wording {
    private Wording() {}

    /**
     * Explains a call that nothing answers.
     *
     * @param type of the receiver; for a call without one, the class of the block or the script it stands in
     * @param kinds of the arguments, see {@link Kinds}
     */
    public static String call(Class<?> type, String name, List<String> kinds) {
        Keywords keywords = Keywords.of(type);
        if (keywords.isBlock()) {
            return keywords.names().contains(name) ? unfit(keywords, name, kinds) : unknown(keywords, name);
        }
        return members(type).contains(name) ? unfit(keywords, name, kinds) : missing(type, name);
    }

    /**
     * Explains a name that stands for nothing: an undeclared variable, or a property that its owner does not have.
     *
     * @param type as for {@link #call}
     */
    public static String property(Class<?> type, String name) {
        Keywords keywords = Keywords.of(type);
        if (!keywords.isBlock()) {
            return missing(type, name);
        }
        return keywords.example(name)
                .map(example -> "%s: `%s` is a keyword, not a variable; hint: write `%s`"
                        .formatted(keywords.label(), name, example))
                .orElseGet(() ->
                        "%s: unknown name `%s`%s".formatted(keywords.label(), name, meant(name, keywords.names())));
    }

    /** Explains a named argument that the method does not take; empty if it does, or takes no named arguments. */
    public static Optional<String> option(Class<?> type, String method, String option) {
        Keywords keywords = Keywords.of(type);
        Set<String> options = keywords.options(method);
        if (options.isEmpty() || options.contains(option)) {
            return Optional.empty();
        }
        return Optional.of(
                "%s: `%s` has no option `%s`%s".formatted(keywords.label(), method, option, meant(option, options)));
    }

    private static String unknown(Keywords keywords, String name) {
        Optional<String> nearest = Nearest.to(name, keywords.names());
        String elsewhere = Keywords.home(name)
                .map(block -> "; hint: it belongs in `%s { }`".formatted(block))
                .orElse("");
        String hint = elsewhere.isEmpty() || nearest.isPresent() ? meant(name, keywords.names()) : elsewhere;
        return "%s: unknown keyword `%s`%s".formatted(keywords.label(), name, hint);
    }

    private static String unfit(Keywords keywords, String name, List<String> kinds) {
        String hint =
                keywords.example(name).map("; hint: write `%s`"::formatted).orElse("");
        String what = kinds.isEmpty() ? "needs something after it" : "cannot take " + String.join(", ", kinds);
        return "%s: `%s` %s%s".formatted(keywords.label(), name, what, hint);
    }

    private static String missing(Class<?> type, String name) {
        return "%s has no `%s`%s".formatted(Kinds.of(type), name, meant(name, members(type)));
    }

    /** Returns a question that names the candidate that may have been meant; empty if there is none. */
    static String meant(String word, Set<String> candidates) {
        return Nearest.to(word, candidates)
                .map("; did you mean `%s`?"::formatted)
                .orElse("");
    }

    /** Returns what a script can write after the dot. */
    private static Set<String> members(Class<?> type) {
        Set<String> names = new TreeSet<>();
        for (Method method : type.getMethods()) {
            boolean getter = method.getName().matches("get[A-Z].*") && method.getParameterCount() == 0;
            names.add(getter ? Introspector.decapitalize(method.getName().substring(3)) : method.getName());
        }
        if (Number.class.isAssignableFrom(type)) {
            for (Method unit : NumberExtensions.class.getMethods()) {
                names.add(Introspector.decapitalize(unit.getName().replaceFirst("^get", "")));
            }
        }
        return names;
    }
}
