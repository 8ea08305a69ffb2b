package dev.gantry.dsl.word;

import groovy.lang.Closure;
import groovy.lang.DelegatesTo;
import groovy.lang.Script;
import groovy.transform.NamedParam;
import groovy.transform.NamedParams;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The words that a class of the language offers, read from its methods.
 *
 * @param type the class
 */
public record Keywords(Class<?> type) {
    /** The name of the class of the script, which stands above all its parts. */
    public static final String SCRIPT = "dev.gantry.dsl.live.CtrScript";

    private static final String OURS = "dev.gantry.";
    private static final String FOR_JAVA = "";

    /** The options that were asked for; a script asks for the same ones again and again. */
    private static final ClassValue<Map<String, Set<String>>> OPTIONS = new ClassValue<>() {
        @Override
        protected Map<String, Set<String>> computeValue(Class<?> type) {
            return new ConcurrentHashMap<>();
        }
    };

    /**
     * Returns the keywords of a class. For the class of one script they are those of all scripts; for the sealed base
     * of a single class, those of that class, which has them all.
     */
    public static Keywords of(Class<?> type) {
        Class<?> whole = type;
        while (whole.isSealed() && whole.getPermittedSubclasses().length == 1) {
            whole = whole.getPermittedSubclasses()[0];
        }
        return new Keywords(Script.class.isAssignableFrom(whole) ? script() : whole);
    }

    /** Returns those of the script and of every block, the outer ones first. */
    public static List<Keywords> all() {
        Stream<Class<?>> blocks = Arrays.stream(vocabulary().value());
        return Stream.concat(Stream.of(script()), blocks).map(Keywords::new).toList();
    }

    /** Returns the types that scripts name without an import, by the names that they use. */
    public static Map<String, Class<?>> types() {
        Map<String, Class<?>> types = new TreeMap<>();
        for (Class<?> type : vocabulary().types()) {
            types.put(type.getAnnotation(Called.class).type(), type);
        }
        return types;
    }

    private static Vocabulary vocabulary() {
        return named(SCRIPT + "$Blocks").getAnnotation(Vocabulary.class);
    }

    /** Returns the class of the script. */
    public static Class<?> script() {
        return named(SCRIPT);
    }

    private static Class<?> named(String name) {
        try {
            return Class.forName(name, false, Keywords.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e); // it is in the same jar
        }
    }

    /** Returns whether these are the words that are written outside of all blocks. */
    public boolean areOfScript() {
        return type.getName().equals(SCRIPT);
    }

    /** Returns whether its words are written without naming what they belong to. */
    public boolean isBlock() {
        Block block = type.getAnnotation(Block.class);
        return areOfScript() || block != null && !block.afterDot();
    }

    /** Returns whether the class is one of the language's, whose words messages name by a label. */
    public boolean isOfLanguage() {
        return areOfScript() || type.isAnnotationPresent(Block.class);
    }

    /**
     * Returns what stands before the brace, or {@code script}; the name of the class if it is none of the language's.
     */
    public String label() {
        if (areOfScript()) {
            return "script";
        }
        Block block = type.getAnnotation(Block.class);
        return block == null ? type.getSimpleName() : block.value();
    }

    /**
     * Returns the class of the block that a word of a class opens; empty if it opens none.
     *
     * @param type any class
     */
    public static Optional<Class<?>> opened(Class<?> type, String word) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals(word))
                .flatMap(method -> Arrays.stream(method.getParameters()))
                .filter(parameter -> parameter.getType() == Closure.class)
                .map(Keywords::delegate)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Class<?>> delegate(Parameter closure) {
        return Optional.ofNullable(closure.getAnnotation(DelegatesTo.class))
                .map(annotation -> annotation.type().equals(SCRIPT) ? script() : annotation.value());
    }

    /** Returns the words. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (Method method : type.getMethods()) {
            if (method.isAnnotationPresent(Keyword.class)) {
                names.add(method.getName());
            }
        }
        return names;
    }

    /** Returns a statement that uses the word rightly; empty if it is no keyword. */
    public Optional<String> example(String name) {
        for (Method method : type.getMethods()) {
            Keyword keyword = method.getAnnotation(Keyword.class);
            if (keyword != null && method.getName().equals(name)) {
                return Optional.of(keyword.example());
            }
        }
        return Optional.empty();
    }

    /** Returns what can be written after a word, by kinds; what is for callers in Java alone is left out. */
    public List<String> forms(String name) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals(name) && !method.isBridge())
                .filter(method -> method.getDeclaringClass().getName().startsWith(OURS))
                .map(method -> Arrays.stream(method.getParameters())
                        .map(Keywords::kind)
                        .toList())
                .filter(kinds -> !kinds.contains(FOR_JAVA))
                .sorted(Comparator.<List<String>>comparingInt(List::size).thenComparing(List::toString))
                .map(kinds -> kinds.isEmpty() ? "nothing" : String.join(", ", kinds))
                .distinct()
                .toList();
    }

    private static String kind(Parameter parameter) {
        Class<?> kind = parameter.getType();
        if (parameter.isAnnotationPresent(NamedParam.class)
                || parameter.isAnnotationPresent(NamedParams.class)
                || parameter.isAnnotationPresent(OptionsOf.class)) {
            return "options";
        } else if (kind.getName().startsWith("java.util.function")
                || kind == Runnable.class
                || kind == Callable.class) {
            return FOR_JAVA;
        } else if (parameter.isVarArgs()) {
            return several(kind.getComponentType());
        }
        return kind == Object.class ? "any value" : Kinds.of(kind);
    }

    private static String several(Class<?> each) {
        return each == Object.class ? "any values" : Kinds.of(each).replaceFirst("^an? ", "") + "s";
    }

    /** Returns what a word gives back; empty for nothing. */
    public static String result(Method method) {
        Class<?> kind = method.getReturnType();
        return kind == void.class ? "" : kind == Object.class ? "what its block returns" : Kinds.of(kind);
    }

    /** Returns the names of the named arguments that the word takes. */
    public Set<String> options(String name) {
        return OPTIONS.get(type).computeIfAbsent(name, this::readOptions);
    }

    private Set<String> readOptions(String name) {
        Set<String> options = new TreeSet<>();
        for (Method method : type.getMethods()) {
            if (method.getName().equals(name)) {
                for (Parameter parameter : method.getParameters()) {
                    OptionsOf other = parameter.getAnnotation(OptionsOf.class);
                    if (other != null && !other.value().equals(name)) {
                        options.addAll(readOptions(other.value()));
                    }
                    for (NamedParam option : parameter.getAnnotationsByType(NamedParam.class)) {
                        options.add(option.value());
                    }
                }
            }
        }
        return Collections.unmodifiableSet(options);
    }
}
