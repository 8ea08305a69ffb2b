package dev.gantry.dsl.compile;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.codehaus.groovy.ast.ClassCodeVisitorSupport;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.DynamicVariable;
import org.codehaus.groovy.ast.FieldNode;
import org.codehaus.groovy.ast.MethodNode;
import org.codehaus.groovy.ast.Variable;
import org.codehaus.groovy.ast.expr.BinaryExpression;
import org.codehaus.groovy.ast.expr.ClosureExpression;
import org.codehaus.groovy.ast.expr.Expression;
import org.codehaus.groovy.ast.expr.MethodCallExpression;
import org.codehaus.groovy.ast.expr.PropertyExpression;
import org.codehaus.groovy.ast.expr.TupleExpression;
import org.codehaus.groovy.ast.expr.VariableExpression;
import org.codehaus.groovy.classgen.GeneratorContext;
import org.codehaus.groovy.control.CompilePhase;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.customizers.CompilationCustomizer;
import org.codehaus.groovy.syntax.Types;

/**
 * Lets a script use what it has declared itself also where only the words of a block are known: in blocks
 * {@code hostname name()} becomes {@code hostname this.name()}, and {@code pids most}, if {@code most} is a field or a
 * variable of the script and no local one, {@code pids this.most}.
 */
final class OwnNames extends CompilationCustomizer {
    private final Collection<String> variables;

    /**
     * Creates the customizer.
     *
     * @param variables that the script has before it runs, functions among them
     */
    OwnNames(Collection<String> variables) {
        super(CompilePhase.CANONICALIZATION); // after local variables are known as such, before types are checked
        this.variables = variables;
    }

    @Override
    public void call(SourceUnit source, GeneratorContext context, ClassNode type) {
        if (type.isScript()) {
            Set<String> own = new HashSet<>(variables);
            type.getFields().stream()
                    .filter(field -> !field.isSynthetic())
                    .map(FieldNode::getName)
                    .forEach(own::add);
            Assigned assigned = new Assigned(source, own);
            Rewriting rewriting = new Rewriting(source, type, own);
            type.getMethods().forEach(assigned::visitMethod);
            type.getMethods().stream().filter(method -> !method.isStatic()).forEach(rewriting::visitMethod);
        }
    }

    private static boolean isLocal(VariableExpression variable) {
        Variable meant = variable.getAccessedVariable();
        return !(meant instanceof DynamicVariable) && !(meant instanceof FieldNode);
    }

    /** Finds the variables that a script sets, outside of blocks, without declaring them. */
    private static final class Assigned extends ClassCodeVisitorSupport {
        private final SourceUnit source;
        private final Set<String> names;

        Assigned(SourceUnit source, Set<String> names) {
            this.source = source;
            this.names = names;
        }

        @Override
        protected SourceUnit getSourceUnit() {
            return source;
        }

        @Override
        public void visitClosureExpression(ClosureExpression closure) {
            return; // in a block, a word may be taken for a variable by mistake
        }

        @Override
        public void visitBinaryExpression(BinaryExpression expression) {
            super.visitBinaryExpression(expression);
            if (expression.getOperation().getType() == Types.EQUAL) {
                Expression target = expression.getLeftExpression();
                if (target instanceof TupleExpression tuple) {
                    tuple.forEach(this::take);
                } else {
                    take(target);
                }
            }
        }

        private void take(Expression target) {
            if (target instanceof VariableExpression variable && !isLocal(variable)) {
                names.add(variable.getName());
            }
        }
    }

    private static final class Rewriting extends ScriptRewriter {
        private final ClassNode script;
        private final Set<String> variables;
        private int closures;

        Rewriting(SourceUnit source, ClassNode script, Set<String> variables) {
            super(source);
            this.script = script;
            this.variables = variables;
        }

        @Override
        Expression rewriteBlock(ClosureExpression block) {
            closures++;
            super.rewriteBlock(block);
            closures--;
            return block;
        }

        @Override
        Expression rewrite(Expression expression) {
            Expression transformed = parts(expression);
            if (closures > 0 && transformed instanceof VariableExpression variable && isOwn(variable)) {
                Expression own = new PropertyExpression(new VariableExpression("this", script), variable.getName());
                own.setSourcePosition(variable);
                return own;
            } else if (closures > 0 && transformed instanceof MethodCallExpression call && isOwn(call)) {
                call.setObjectExpression(new VariableExpression("this", script));
                call.setImplicitThis(false);
            }
            return transformed;
        }

        private boolean isOwn(VariableExpression variable) {
            return !isLocal(variable) && variables.contains(variable.getName());
        }

        /** A method may have the name of a word of the block, which is meant if the arguments are not the method's. */
        private boolean isOwn(MethodCallExpression call) {
            String name = call.getMethodAsString();
            if (!call.isImplicitThis() || name == null) {
                return false;
            }
            int arguments = call.getArguments() instanceof TupleExpression list
                    ? list.getExpressions().size()
                    : 1;
            return variables.contains(name)
                    || script.getDeclaredMethods(name).stream().anyMatch(method -> takes(method, arguments));
        }

        private static boolean takes(MethodNode method, int arguments) {
            int most = method.getParameters().length;
            long least = Arrays.stream(method.getParameters())
                    .filter(parameter -> !parameter.hasInitialExpression())
                    .count();
            boolean isOpen =
                    most > 0 && method.getParameters()[most - 1].getType().isArray();
            return isOpen ? arguments >= least - 1 : least <= arguments && arguments <= most;
        }
    }
}
