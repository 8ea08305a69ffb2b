package dev.gantry.dsl.check;

import dev.gantry.dsl.Kinds;
import dev.gantry.dsl.Wording;
import java.util.ArrayList;
import java.util.List;
import org.codehaus.groovy.ast.ASTNode;
import org.codehaus.groovy.ast.ClassHelper;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.MethodNode;
import org.codehaus.groovy.ast.expr.ArgumentListExpression;
import org.codehaus.groovy.ast.expr.ClosureExpression;
import org.codehaus.groovy.ast.expr.ConstantExpression;
import org.codehaus.groovy.ast.expr.Expression;
import org.codehaus.groovy.ast.expr.MapEntryExpression;
import org.codehaus.groovy.ast.expr.MapExpression;
import org.codehaus.groovy.ast.expr.MethodCall;
import org.codehaus.groovy.ast.expr.MethodCallExpression;
import org.codehaus.groovy.ast.expr.PropertyExpression;
import org.codehaus.groovy.ast.expr.TupleExpression;
import org.codehaus.groovy.ast.expr.VariableExpression;
import org.codehaus.groovy.ast.stmt.BlockStatement;
import org.codehaus.groovy.transform.stc.AbstractTypeCheckingExtension;
import org.codehaus.groovy.transform.stc.StaticTypeCheckingVisitor;

/** Finds names and arguments that nothing answers to. After one mistake the check goes on to find the next. */
abstract class KeywordChecking extends AbstractTypeCheckingExtension {
    KeywordChecking(StaticTypeCheckingVisitor visitor) {
        super(visitor);
    }

    /** Returns the class of the innermost block around what is being checked; null outside of all blocks. */
    abstract ClassNode block();

    @Override
    public List<MethodNode> handleMissingMethod(
            ClassNode receiver, String name, ArgumentListExpression list, ClassNode[] types, MethodCall call) {
        ClassNode type = isImplicit(call) && block() != null ? block() : receiver;
        report(Wording.call(classOf(type), name, kinds(types)), call);
        for (Expression argument : list) {
            if (argument instanceof ClosureExpression body) {
                body.setCode(new BlockStatement()); // without its keyword, every word in it would be a mistake
            }
        }
        return call instanceof MethodCallExpression missing
                ? List.of(makeDynamic(missing))
                : List.of(newMethod(name, ClassHelper.OBJECT_TYPE));
    }

    @Override
    public boolean handleUnresolvedVariableExpression(VariableExpression variable) {
        ClassNode type =
                block() == null ? typeCheckingVisitor.getTypeCheckingContext().getEnclosingClassNode() : block();
        addStaticTypeError(Wording.property(classOf(type), variable.getName()), variable);
        makeDynamic(variable);
        return true;
    }

    @Override
    public boolean handleUnresolvedProperty(PropertyExpression property) {
        ClassNode type = getType(property.getObjectExpression());
        addStaticTypeError(Wording.property(classOf(type), property.getPropertyAsString()), property.getProperty());
        makeDynamic(property);
        return true;
    }

    /** Looks at named arguments, which for Groovy are the entries of any map. */
    @Override
    public void onMethodSelection(Expression expression, MethodNode target) {
        if (expression instanceof MethodCallExpression call && call.getArguments() instanceof TupleExpression list) {
            for (Expression argument : list) {
                if (argument instanceof MapExpression map) {
                    map.getMapEntryExpressions().forEach(entry -> option(target, entry));
                }
            }
        }
    }

    private void option(MethodNode target, MapEntryExpression entry) {
        if (entry.getKeyExpression() instanceof ConstantExpression name) {
            Wording.option(classOf(target.getDeclaringClass()), target.getName(), name.getText())
                    .ifPresent(text -> addStaticTypeError(text, entry));
        }
    }

    private void report(String text, MethodCall call) {
        ASTNode at = call instanceof MethodCallExpression expression ? expression.getMethod() : (ASTNode) call;
        addStaticTypeError(text, at);
    }

    private static boolean isImplicit(MethodCall call) {
        return call instanceof MethodCallExpression expression && expression.isImplicitThis();
    }

    private static List<String> kinds(ClassNode[] types) {
        List<String> kinds = new ArrayList<>();
        for (ClassNode type : types) {
            kinds.add(type == null || type.getName().startsWith("<") ? Kinds.NULL : Kinds.of(classOf(type)));
        }
        return kinds;
    }

    /** Returns the class behind a node; for one that is only now being compiled, the nearest one above it. */
    private static Class<?> classOf(ClassNode node) {
        ClassNode known = node;
        while (!known.isResolved()) {
            known = known.getSuperClass();
        }
        return known.getTypeClass();
    }
}
