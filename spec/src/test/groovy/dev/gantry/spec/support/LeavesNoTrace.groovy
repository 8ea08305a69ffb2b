package dev.gantry.spec.support

import java.lang.annotation.ElementType
import java.lang.annotation.Retention
import java.lang.annotation.RetentionPolicy
import java.lang.annotation.Target
import org.spockframework.runtime.extension.ExtensionAnnotation
import org.spockframework.runtime.extension.IAnnotationDrivenExtension
import org.spockframework.runtime.model.SpecInfo

/**
 * Compares the host after each feature and its cleanup with the host before it: a feature that leaves a mount, a
 * cgroup, a process of a container or a file in the state root has failed. Holds for subclasses too.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtensionAnnotation(LeavesNoTraceExtension)
@interface LeavesNoTrace {
    /** The state root, seen from the specification: `{ stateRoot }`. */
    Class<? extends Closure> value()

    /** How long what is left may take to go. */
    int seconds() default 0
}

/** Carries out {@link LeavesNoTrace}. */
class LeavesNoTraceExtension implements IAnnotationDrivenExtension<LeavesNoTrace> {
    @Override
    void visitSpecAnnotation(LeavesNoTrace annotation, SpecInfo spec) {
        spec.bottomSpec.allFeatures.each { feature ->
            feature.addIterationInterceptor { invocation ->
                Closure root = annotation.value().getConstructor(Object, Object)
                    .newInstance(invocation.instance, invocation.instance)
                def before = HostSnapshot.take(root())
                invocation.proceed()
                Eventually.within(annotation.seconds()) { !HostSnapshot.take(root()).beyond(before) }
                def left = HostSnapshot.take(root()).beyond(before)
                assert !left: "left on the host:\n${left.join('\n')}"
            }
        }
    }
}
