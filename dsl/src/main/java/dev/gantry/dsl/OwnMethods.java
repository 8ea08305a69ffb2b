package dev.gantry.dsl;

import java.util.HashSet;
import java.util.Set;
import org.codehaus.groovy.ast.ClassCodeVisitorSupport;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.MethodNode;
import org.codehaus.groovy.ast.expr.ClosureExpression;
import org.codehaus.groovy.ast.expr.MethodCallExpression;
import org.codehaus.groovy.ast.expr.VariableExpression;
import org.codehaus.groovy.classgen.GeneratorContext;
import org.codehaus.groovy.control.CompilePhase;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.customizers.CompilationCustomizer;

/**
 * Lets a script call the methods it declares also where only the words of a block are known: {@code hostname name()}
 * becomes {@code hostname this.name()}.
 */
final class OwnMethods extends CompilationCustomizer {
    OwnMethods() {
        super(CompilePhase.CONVERSION); // before types are checked
    }

    @Override
    public void call(SourceUnit source, GeneratorContext context, ClassNode type) {
        if (!type.isScript()) {
            return;
        }
        Set<String> own = new HashSet<>();
        for (MethodNode method : type.getMethods()) {
            if (!method.isStatic() && !method.isScriptBody()) {
                own.add(method.getName());
            }
        }
        if (!own.isEmpty()) {
            type.getMethods().stream()
                    .filter(method -> !method.isStatic())
                    .forEach(method -> new Walk(source, own).visitMethod(method));
        }
    }

    private static final class Walk extends ClassCodeVisitorSupport {
        private final SourceUnit source;
        private final Set<String> own;
        private int closures;

        Walk(SourceUnit source, Set<String> own) {
            this.source = source;
            this.own = own;
        }

        @Override
        protected SourceUnit getSourceUnit() {
            return source;
        }

        @Override
        public void visitClosureExpression(ClosureExpression closure) {
            closures++;
            super.visitClosureExpression(closure);
            closures--;
        }

        @Override
        public void visitMethodCallExpression(MethodCallExpression call) {
            super.visitMethodCallExpression(call);
            if (closures > 0 && call.isImplicitThis() && own.contains(String.valueOf(call.getMethodAsString()))) {
                call.setObjectExpression(new VariableExpression("this"));
                call.setImplicitThis(false);
            }
        }
    }
}
