package dev.gantry.dsl.compile;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.codehaus.groovy.ast.ClassCodeVisitorSupport;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.MethodNode;
import org.codehaus.groovy.ast.Parameter;
import org.codehaus.groovy.ast.expr.ArgumentListExpression;
import org.codehaus.groovy.ast.expr.ClosureExpression;
import org.codehaus.groovy.ast.expr.ConstantExpression;
import org.codehaus.groovy.ast.expr.DeclarationExpression;
import org.codehaus.groovy.ast.expr.Expression;
import org.codehaus.groovy.ast.expr.MapEntryExpression;
import org.codehaus.groovy.ast.expr.MapExpression;
import org.codehaus.groovy.ast.expr.MethodCallExpression;
import org.codehaus.groovy.ast.expr.TupleExpression;
import org.codehaus.groovy.ast.expr.VariableExpression;
import org.codehaus.groovy.ast.stmt.BlockStatement;
import org.codehaus.groovy.ast.stmt.CatchStatement;
import org.codehaus.groovy.ast.stmt.ForStatement;
import org.codehaus.groovy.classgen.GeneratorContext;
import org.codehaus.groovy.control.CompilePhase;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.customizers.CompilationCustomizer;

/**
 * Hands {@code breakpoint()} the variables that are in sight where it stands, which no program could find out later.
 */
final class BreakpointVariables extends CompilationCustomizer {
    private static final String WORD = "breakpoint";

    BreakpointVariables() {
        super(CompilePhase.CONVERSION);
    }

    @Override
    public void call(SourceUnit source, GeneratorContext context, ClassNode type) {
        if (type.isScript() || type.isScriptBody()) {
            new Walk(source).visitClass(type);
        }
    }

    private static final class Walk extends ClassCodeVisitorSupport {
        private final SourceUnit source;
        private final Deque<Set<String>> inSight = new ArrayDeque<>();

        Walk(SourceUnit source) {
            this.source = source;
        }

        @Override
        protected SourceUnit getSourceUnit() {
            return source;
        }

        private void within(List<String> names, Runnable walk) {
            inSight.push(new LinkedHashSet<>(names));
            walk.run();
            inSight.pop();
        }

        private static List<String> names(Parameter... parameters) {
            return parameters == null
                    ? List.of()
                    : Arrays.stream(parameters)
                            .filter(Objects::nonNull)
                            .map(Parameter::getName)
                            .toList();
        }

        @Override
        protected void visitConstructorOrMethod(MethodNode method, boolean isConstructor) {
            within(
                    method.isScriptBody() ? List.of() : names(method.getParameters()),
                    () -> super.visitConstructorOrMethod(method, isConstructor));
        }

        @Override
        public void visitClosureExpression(ClosureExpression closure) {
            within(names(closure.getParameters()), () -> super.visitClosureExpression(closure));
        }

        @Override
        public void visitBlockStatement(BlockStatement block) {
            within(List.of(), () -> super.visitBlockStatement(block));
        }

        @Override
        public void visitForLoop(ForStatement loop) {
            within(names(loop.getIndexVariable(), loop.getValueVariable()), () -> super.visitForLoop(loop));
        }

        @Override
        public void visitCatchStatement(CatchStatement caught) {
            within(names(caught.getVariable()), () -> super.visitCatchStatement(caught));
        }

        @Override
        public void visitDeclarationExpression(DeclarationExpression declaration) {
            super.visitDeclarationExpression(declaration);
            Expression target = declaration.getLeftExpression();
            List<? extends Expression> variables =
                    target instanceof TupleExpression tuple ? tuple.getExpressions() : List.of(target);
            variables.forEach(each -> Objects.requireNonNull(inSight.peek()).add(each.getText()));
        }

        @Override
        public void visitMethodCallExpression(MethodCallExpression call) {
            super.visitMethodCallExpression(call);
            boolean isBreakpoint = call.isImplicitThis()
                    && WORD.equals(call.getMethodAsString())
                    && call.getArguments() instanceof TupleExpression given
                    && given.getExpressions().isEmpty();
            if (isBreakpoint) {
                MapExpression variables = new MapExpression();
                Set<String> names = new LinkedHashSet<>();
                inSight.descendingIterator().forEachRemaining(names::addAll);
                names.forEach(name -> variables.addMapEntryExpression(
                        new MapEntryExpression(new ConstantExpression(name), new VariableExpression(name))));
                call.setArguments(new ArgumentListExpression(variables));
            }
        }
    }
}
