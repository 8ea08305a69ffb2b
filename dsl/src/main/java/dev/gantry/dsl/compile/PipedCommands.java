package dev.gantry.dsl.compile;

import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.expr.ArgumentListExpression;
import org.codehaus.groovy.ast.expr.BinaryExpression;
import org.codehaus.groovy.ast.expr.ConstantExpression;
import org.codehaus.groovy.ast.expr.Expression;
import org.codehaus.groovy.ast.expr.MethodCallExpression;
import org.codehaus.groovy.classgen.GeneratorContext;
import org.codehaus.groovy.control.CompilePhase;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.customizers.CompilationCustomizer;
import org.codehaus.groovy.syntax.Types;

/**
 * Lets {@code a.exec(...) | b.exec(...)} and {@code a.exec(...).tee()} mean what they say.
 *
 * <p>A call is over before the operator after it is looked at, but what is piped must run at the same time. So a call
 * of {@code exec} in these two places becomes one of {@code command}, which starts nothing, and the whole is then run.
 */
final class PipedCommands extends CompilationCustomizer {
    PipedCommands() {
        super(CompilePhase.CONVERSION); // before types are checked
    }

    @Override
    public void call(SourceUnit source, GeneratorContext context, ClassNode type) {
        new Rewriting(source, type).visitClass(type);
    }

    private static final class Rewriting extends ScriptRewriter {
        private final boolean ownsExec;

        Rewriting(SourceUnit source, ClassNode type) {
            super(source);
            this.ownsExec = !type.getDeclaredMethods("exec").isEmpty();
        }

        @Override
        Expression rewrite(Expression expression) {
            if (isPipe(expression)) {
                MethodCallExpression run =
                        new MethodCallExpression(commands(expression), "run", ArgumentListExpression.EMPTY_ARGUMENTS);
                run.setImplicitThis(false); // or the type checker asks the block around it first
                run.setSourcePosition(expression);
                return run;
            }
            if (expression instanceof MethodCallExpression call
                    && "tee".equals(call.getMethodAsString())
                    && (isExec(call.getObjectExpression()) || isPipe(call.getObjectExpression()))) {
                call.setObjectExpression(commands(call.getObjectExpression()));
                return call;
            }
            return parts(expression);
        }

        /** Without a receiver it is that of {@code inside { }}, unless the script has a method of that name. */
        private boolean isExec(Expression expression) {
            return expression instanceof MethodCallExpression call
                    && !(call.isImplicitThis() && ownsExec)
                    && "exec".equals(call.getMethodAsString());
        }

        private boolean isPipe(Expression expression) {
            return expression instanceof BinaryExpression binary
                    && binary.getOperation().getType() == Types.BITWISE_OR
                    && (isExec(binary.getLeftExpression()) || isPipe(binary.getLeftExpression()))
                    && isExec(binary.getRightExpression());
        }

        private Expression commands(Expression expression) {
            if (expression instanceof BinaryExpression pipe) {
                pipe.setLeftExpression(commands(pipe.getLeftExpression()));
                pipe.setRightExpression(commands(pipe.getRightExpression()));
                return pipe;
            }
            MethodCallExpression call = (MethodCallExpression) parts(expression);
            ConstantExpression name = new ConstantExpression("command");
            name.setSourcePosition(call.getMethod());
            call.setMethod(name);
            return call;
        }
    }
}
