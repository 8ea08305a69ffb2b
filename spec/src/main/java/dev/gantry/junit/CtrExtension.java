package dev.gantry.junit;

import dev.gantry.fixture.FixtureException;
import dev.gantry.fixture.FixtureField;
import dev.gantry.fixture.FixtureReport;
import dev.gantry.fixture.FixtureRun;
import dev.gantry.fixture.FixtureSet;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Carries out {@link Ctr}. */
public final class CtrExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final Namespace OURS = Namespace.create(CtrExtension.class);

    /** The run ends with the root context, which closes what is stored in it. */
    @SuppressWarnings("deprecation") // its successor is not in JUnit 5.8 to 5.12
    private record Run(FixtureRun run) implements ExtensionContext.Store.CloseableResource, AutoCloseable {
        @Override
        public void close() {
            run.end();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(OURS).getOrComputeIfAbsent(Run.class, key -> new Run(FixtureRun.begin()));
        Class<?> test = context.getRequiredTestClass();
        start(begun(context, test), null, ofClass(fields(test), true), Set.of());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close(context, context.getRequiredTestClass());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        FixtureSet set = begun(context, context.getUniqueId());
        Set<String> known = new HashSet<>();
        for (Object instance : context.getRequiredTestInstances().getAllInstances()) { // of a nested test: outer first
            List<FixtureField> fields = fields(instance.getClass());
            ofClass(fields, true).forEach(one -> known.add(one.id()));
            start(set, instance, ofClass(fields, false), known);
            fields.forEach(one -> known.add(one.id()));
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close(context, context.getUniqueId());
    }

    private static List<FixtureField> ofClass(List<FixtureField> fields, boolean isStatic) {
        return fields.stream()
                .filter(one -> Modifier.isStatic(one.field().getModifiers()) == isStatic)
                .toList();
    }

    private static FixtureSet begun(ExtensionContext context, Object key) {
        FixtureSet set = new FixtureSet();
        context.getStore(OURS).put(key, set);
        return set;
    }

    private static void start(FixtureSet set, Object instance, List<FixtureField> fields, Set<String> known) {
        set.start(fields, instance, known, (field, value) -> write(field.field(), instance, value));
    }

    private static void close(ExtensionContext context, Object key) {
        FixtureSet set = context.getStore(OURS).remove(key, FixtureSet.class);
        if (set == null) {
            return; // nothing was begun
        }
        try {
            context.getExecutionException().ifPresent(failure -> report(context, set, failure));
        } finally {
            set.close();
        }
    }

    private static void report(ExtensionContext context, FixtureSet set, Throwable failure) {
        Map<String, String> files = new TreeMap<>(set.report());
        FixtureSet shared = context.getStore(OURS).get(context.getRequiredTestClass(), FixtureSet.class);
        files.putAll(shared == null ? Map.of() : shared.report());
        String type = context.getRequiredTestClass().getSimpleName();
        FixtureReport.attach(failure, type, context.getDisplayName(), files);
    }

    private static List<FixtureField> fields(Class<?> test) {
        Deque<Class<?>> classes = new ArrayDeque<>();
        for (Class<?> type = test; type != null; type = type.getSuperclass()) {
            classes.push(type);
        }
        List<FixtureField> fields = new ArrayList<>();
        for (Class<?> type : classes) {
            for (Field field : type.getDeclaredFields()) {
                Ctr annotation = field.getAnnotation(Ctr.class);
                if (annotation != null) {
                    fields.add(new FixtureField(
                            field,
                            field.getName(),
                            type.getSimpleName() + ".java",
                            annotation.value(),
                            annotation.file(),
                            annotation.name(),
                            annotation.ready(),
                            List.of(annotation.dependsOn()),
                            annotation.scope()));
                }
            }
        }
        return fields;
    }

    private static void write(Field field, Object instance, Object value) {
        try {
            field.setAccessible(true);
            field.set(instance, value);
        } catch (IllegalAccessException e) {
            throw new FixtureException(
                    "@Ctr %s.%s: the field cannot be written; it must not be final"
                            .formatted(field.getDeclaringClass().getSimpleName(), field.getName()),
                    e);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return wanted(parameter, context) != null;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Field field = wanted(parameter, context);
        try {
            field.setAccessible(true);
            return field.get(context.getTestInstance().orElse(null));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e); // it is accessible
        }
    }

    private static Field wanted(ParameterContext parameter, ExtensionContext context) {
        boolean live = context.getTestInstance().isPresent();
        List<Field> fitting = fields(context.getRequiredTestClass()).stream()
                .map(FixtureField::field)
                .filter(field -> field.getType() == parameter.getParameter().getType())
                .filter(field -> live || Modifier.isStatic(field.getModifiers()))
                .toList();
        String name = parameter.getParameter().getName();
        return fitting.stream()
                .filter(field -> fitting.size() == 1 || field.getName().equals(name))
                .findFirst()
                .orElse(null);
    }
}
