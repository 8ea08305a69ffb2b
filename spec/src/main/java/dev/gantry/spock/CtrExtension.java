package dev.gantry.spock;

import dev.gantry.fixture.FixtureException;
import dev.gantry.fixture.FixtureField;
import dev.gantry.fixture.FixtureReport;
import dev.gantry.fixture.FixtureSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.spockframework.runtime.AbstractRunListener;
import org.spockframework.runtime.extension.IAnnotationDrivenExtension;
import org.spockframework.runtime.extension.IMethodInvocation;
import org.spockframework.runtime.model.ErrorInfo;
import org.spockframework.runtime.model.FeatureInfo;
import org.spockframework.runtime.model.FieldInfo;
import org.spockframework.runtime.model.IterationInfo;
import org.spockframework.runtime.model.SpecInfo;

/** Carries out {@link Ctr}. */
public final class CtrExtension implements IAnnotationDrivenExtension<Ctr> {
    private final Map<FixtureField, FieldInfo> shared = new HashMap<>();
    private final Map<FixtureField, FieldInfo> own = new HashMap<>();
    private final List<FixtureField> order = new ArrayList<>();
    private final Map<IterationInfo, FixtureSet> running = new ConcurrentHashMap<>();
    private final FixtureSet ofSpec = new FixtureSet();
    private FixtureException wrong;

    @Override
    public void visitFieldAnnotation(Ctr annotation, FieldInfo info) {
        try {
            FixtureField field = new FixtureField(
                    info.getReflection(),
                    info.getName(),
                    info.getParent().getFilename(),
                    annotation.value(),
                    annotation.file(),
                    annotation.name(),
                    annotation.ready(),
                    List.of(annotation.dependsOn()),
                    annotation.scope());
            order.add(field);
            (info.isShared() ? shared : own).put(field, info);
        } catch (FixtureException e) {
            if (wrong == null) {
                wrong = e; // thrown when the specification runs, so that it is a failure of that one
            } else {
                wrong.addSuppressed(e);
            }
        }
    }

    @Override
    public void visitSpec(SpecInfo spec) {
        SpecInfo bottom = spec.getBottomSpec();
        if (wrong != null) {
            bottom.addInterceptor(invocation -> {
                throw wrong;
            });
            return;
        }
        if (!shared.isEmpty()) {
            bottom.addInterceptor(this::aroundSpec);
        }
        for (FeatureInfo feature : bottom.getAllFeatures()) {
            feature.addIterationInterceptor(this::aroundIteration);
        }
        bottom.addListener(new AbstractRunListener() {
            @Override
            public void error(ErrorInfo error) {
                report(error);
            }
        });
    }

    private void aroundSpec(IMethodInvocation invocation) throws Throwable {
        around(ofSpec, shared, Set.of(), invocation.getInstance(), invocation);
    }

    private void aroundIteration(IMethodInvocation invocation) throws Throwable {
        FixtureSet set = new FixtureSet();
        running.put(invocation.getIteration(), set);
        try {
            Set<String> known = new HashSet<>();
            shared.keySet().forEach(field -> known.add(field.id()));
            around(set, own, known, invocation.getInstance(), invocation);
        } finally {
            running.remove(invocation.getIteration());
        }
    }

    private void around(
            FixtureSet set,
            Map<FixtureField, FieldInfo> fields,
            Set<String> known,
            Object instance,
            IMethodInvocation invocation)
            throws Throwable {
        List<FixtureField> wanted = order.stream().filter(fields::containsKey).toList();
        set.start(wanted, instance, known, (field, value) -> fields.get(field).writeValue(instance, value));
        Throwable failure = null;
        try {
            invocation.proceed();
        } catch (Throwable e) {
            failure = e;
            throw e;
        } finally {
            close(set, failure);
        }
    }

    private static void close(FixtureSet set, Throwable failure) {
        try {
            set.close();
        } catch (RuntimeException e) {
            if (failure == null) {
                throw e;
            }
            failure.addSuppressed(e);
        }
    }

    /** The containers still run when a method of the specification has thrown something. */
    private void report(ErrorInfo error) {
        IterationInfo iteration = error.getErrorContext().getIteration();
        Map<String, String> files = new HashMap<>(ofSpec.report());
        FixtureSet set = iteration == null ? null : running.get(iteration);
        if (set != null) {
            files.putAll(set.report());
        }
        String spec = error.getErrorContext().getSpec().getName();
        String test = iteration == null ? error.getMethod().getName() : iteration.getDisplayName();
        FixtureReport.attach(error.getException(), spec, test, new TreeMap<>(files));
    }
}
