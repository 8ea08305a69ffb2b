package dev.gantry.dsl.compile;

import groovy.transform.CompileStatic;
import org.codehaus.groovy.ast.AnnotationNode;
import org.codehaus.groovy.ast.ClassHelper;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.expr.ConstantExpression;
import org.codehaus.groovy.classgen.GeneratorContext;
import org.codehaus.groovy.control.CompilePhase;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.customizers.CompilationCustomizer;

/**
 * Compiles every class of a script as if it said {@link CompileStatic}, with our own checks.
 *
 * <p>Groovy's {@code ASTTransformationCustomizer} does the same, but is itself dynamic Groovy: a third of the time that
 * a first script takes to compile went into starting it.
 */
final class StaticChecking extends CompilationCustomizer {
    StaticChecking() {
        super(CompilePhase.CONVERSION); // before annotations are looked at
    }

    @Override
    public void call(SourceUnit source, GeneratorContext context, ClassNode type) {
        AnnotationNode annotation = new AnnotationNode(ClassHelper.make(CompileStatic.class));
        annotation.setMember("extensions", new ConstantExpression(KeywordChecking.class.getName()));
        type.addAnnotation(annotation);
        MultipleAssignments assignments = new MultipleAssignments(source);
        type.getMethods().forEach(assignments::visitMethod);
    }
}
