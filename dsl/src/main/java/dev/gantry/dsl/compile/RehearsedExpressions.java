package dev.gantry.dsl.compile;

import static org.codehaus.groovy.ast.tools.GeneralUtils.args;
import static org.codehaus.groovy.ast.tools.GeneralUtils.block;
import static org.codehaus.groovy.ast.tools.GeneralUtils.callX;
import static org.codehaus.groovy.ast.tools.GeneralUtils.classX;
import static org.codehaus.groovy.ast.tools.GeneralUtils.constX;
import static org.codehaus.groovy.ast.tools.GeneralUtils.stmt;

import dev.gantry.dsl.rehearsal.MachineCalls;
import dev.gantry.dsl.rehearsal.Rehearsal;
import java.util.Set;
import org.codehaus.groovy.ast.ClassHelper;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.Parameter;
import org.codehaus.groovy.ast.VariableScope;
import org.codehaus.groovy.ast.expr.BinaryExpression;
import org.codehaus.groovy.ast.expr.ClosureExpression;
import org.codehaus.groovy.ast.expr.ConstantExpression;
import org.codehaus.groovy.ast.expr.ConstructorCallExpression;
import org.codehaus.groovy.ast.expr.Expression;
import org.codehaus.groovy.ast.expr.MethodCallExpression;
import org.codehaus.groovy.ast.expr.PropertyExpression;
import org.codehaus.groovy.ast.expr.TupleExpression;
import org.codehaus.groovy.ast.expr.VariableExpression;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.syntax.Types;

/** Rewrites the expressions of a script for {@link RehearsedCode}: nothing in them changes the machine. */
final class RehearsedExpressions extends ScriptRewriter {
    /** Words that take a name and a block. */
    private static final Set<String> NAMED = Set.of("branch", "container", "pod", "step");

    private static final ClassNode REHEARSAL = ClassHelper.make(Rehearsal.class);

    private final RehearsedStatements statements;

    RehearsedExpressions(SourceUnit source, RehearsedStatements statements) {
        super(source);
        this.statements = statements;
    }

    @Override
    Expression rewriteBlock(ClosureExpression block) {
        block.setCode(statements.body(block.getCode(), true));
        return block;
    }

    @Override
    Expression rewrite(Expression expression) {
        if (expression instanceof ConstructorCallExpression made
                && MachineCalls.isMaker(made.getType().getNameWithoutPackage())) {
            return call("never");
        }
        Expression transformed = parts(expression);
        if (transformed instanceof MethodCallExpression call && call.isImplicitThis()) {
            if ("sleep".equals(call.getMethodAsString())) {
                return call("never");
            }
            name(call);
        } else if (transformed instanceof MethodCallExpression call
                && MachineCalls.mayBe(String.valueOf(call.getMethodAsString()))) {
            call.setObjectExpression(harmless(call.getObjectExpression(), call.getMethodAsString()));
        } else if (transformed instanceof BinaryExpression binary) {
            if (isAssignment(binary) && binary.getLeftExpression() instanceof PropertyExpression property) {
                binary.setLeftExpression(new PropertyExpression(
                        harmless(property.getObjectExpression(), "set"), property.getProperty()));
            } else if (binary.getOperation().getType() == Types.LEFT_SHIFT) {
                binary.setLeftExpression(harmless(binary.getLeftExpression(), "leftShift"));
            }
        }
        return transformed;
    }

    /** Lets a block be tried whose name is unknown: that of a container, of a step. */
    private void name(MethodCallExpression call) {
        if (call.getArguments() instanceof TupleExpression list
                && list.getExpressions().size() == 2
                && NAMED.contains(String.valueOf(call.getMethodAsString()))
                && list.getExpression(1) instanceof ClosureExpression
                && !(list.getExpression(0) instanceof ConstantExpression)) {
            ClosureExpression name = new ClosureExpression(Parameter.EMPTY_ARRAY, block(stmt(list.getExpression(0))));
            name.setVariableScope(new VariableScope());
            name.setSourcePosition(list.getExpression(0));
            list.getExpressions().set(0, call("name", name));
        }
    }

    private Expression harmless(Expression receiver, String method) {
        boolean isThis = receiver instanceof VariableExpression variable
                && (variable.isThisExpression() || variable.isSuperExpression());
        if (isThis) {
            return receiver;
        }
        Expression looked = call("harmless", receiver, constX(method));
        looked.setSourcePosition(receiver);
        return looked;
    }

    static boolean isAssignment(BinaryExpression binary) {
        return Types.ofType(binary.getOperation().getType(), Types.ASSIGNMENT_OPERATOR);
    }

    static Expression unknown() {
        return new PropertyExpression(classX(REHEARSAL), "UNKNOWN");
    }

    /** Calls a method of {@link Rehearsal}. */
    static Expression call(String method, Expression... arguments) {
        return on(classX(REHEARSAL), method, arguments);
    }

    static Expression on(Expression receiver, String method, Expression... arguments) {
        MethodCallExpression call = callX(receiver, method, args(arguments));
        call.setImplicitThis(false); // or a variable of the method's name would be called
        return call;
    }
}
