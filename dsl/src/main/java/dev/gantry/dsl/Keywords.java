package dev.gantry.dsl;

import groovy.transform.NamedParam;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The words that a class of the language offers, read from its methods. */
record Keywords(Class<?> type) {
    private static final List<Class<?>> BLOCKS = List.of(
            CtrScript.class,
            PodDsl.class,
            ContainerDsl.class,
            ProcessDsl.class,
            CapabilitiesDsl.class,
            MountsDsl.class,
            NamespacesDsl.class,
            UserNamespaceDsl.class,
            ResourcesDsl.class,
            SeccompDsl.class,
            LandlockDsl.class,
            HooksDsl.class,
            HealthDsl.class,
            ParallelDsl.class);
    private static final Map<Class<?>, Class<?>> WHOLE = Map.of(
            PropertiesDsl.class, ContainerDsl.class,
            ContainerAccess.class, LiveContainer.class,
            ContainerCommands.class, LiveContainer.class);

    /** The options that were asked for; a script asks for the same ones again and again. */
    private static final ClassValue<Map<String, Set<String>>> OPTIONS = new ClassValue<>() {
        @Override
        protected Map<String, Set<String>> computeValue(Class<?> type) {
            return new ConcurrentHashMap<>();
        }
    };

    /** Returns the keywords of a class; those of what extends it if it is only the base of a script or a block. */
    static Keywords of(Class<?> type) {
        return new Keywords(CtrScript.class.isAssignableFrom(type) ? CtrScript.class : WHOLE.getOrDefault(type, type));
    }

    /** Returns those of the script and of every block, the outer ones first. */
    static List<Keywords> all() {
        return BLOCKS.stream().map(Keywords::new).toList();
    }

    /** Answers whether its words are said without naming what they belong to. */
    boolean isBlock() {
        return BLOCKS.contains(type);
    }

    /** Returns what stands before the brace, or {@code script}. */
    String label() {
        return switch (type.getSimpleName()) {
            case "CtrScript" -> "script";
            case "LiveContainer" -> "container";
            case "UserNamespaceDsl" -> "user";
            case "HealthDsl" -> "waitFor";
            default -> {
                String name = type.getSimpleName().replaceFirst("Dsl$", "");
                yield Character.toLowerCase(name.charAt(0)) + name.substring(1);
            }
        };
    }

    Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (Method method : type.getMethods()) {
            if (method.isAnnotationPresent(Keyword.class)) {
                names.add(method.getName());
            }
        }
        return names;
    }

    /** Returns a statement that uses the word rightly; empty if it is no keyword. */
    Optional<String> example(String name) {
        for (Method method : type.getMethods()) {
            Keyword keyword = method.getAnnotation(Keyword.class);
            if (keyword != null && method.getName().equals(name)) {
                return Optional.of(keyword.example());
            }
        }
        return Optional.empty();
    }

    /** Returns the names of the named arguments that the word takes. */
    Set<String> options(String name) {
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
