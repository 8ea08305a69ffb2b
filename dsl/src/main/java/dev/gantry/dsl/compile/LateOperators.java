package dev.gantry.dsl.compile;

import dev.gantry.dsl.word.UnknownOperands;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.codehaus.groovy.ast.ClassHelper;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.MethodNode;
import org.codehaus.groovy.ast.Parameter;
import org.codehaus.groovy.ast.expr.ArgumentListExpression;
import org.codehaus.groovy.ast.expr.BinaryExpression;
import org.codehaus.groovy.ast.expr.CastExpression;
import org.codehaus.groovy.ast.expr.ClassExpression;
import org.codehaus.groovy.ast.expr.Expression;
import org.codehaus.groovy.ast.expr.MethodCallExpression;
import org.codehaus.groovy.syntax.Types;
import org.codehaus.groovy.transform.stc.ExtensionMethodNode;

/** Operators in checked scripts whose operands are only known when the script runs. */
final class LateOperators {
    private LateOperators() {}

    /**
     * Returns the method to call for an operator; empty if there is none.
     *
     * @param arguments how many operands follow the first
     * @param types notes the type of an expression
     */
    static Optional<MethodNode> of(
            BinaryExpression operation, String name, int arguments, BiConsumer<Expression, ClassNode> types) {
        int operator = operation.getOperation().getType();
        if (operator == Types.COMPARE_TO) {
            return Optional.empty(); // the compiler writes it out for values only that it knows to be comparable
        }
        return operator == Types.LEFT_SQUARE_BRACKET
                ? Optional.of(index(operation, types))
                : UnknownOperands.find(name, arguments + 1).map(LateOperators::late);
    }

    /** Makes an index one of a type that has such a method: the compiler looks no other up when the script runs. */
    private static MethodNode index(BinaryExpression operation, BiConsumer<Expression, ClassNode> types) {
        Expression value = operation.getLeftExpression();
        ClassNode operands = ClassHelper.make(UnknownOperands.class);
        ClassNode indexed = ClassHelper.make(UnknownOperands.Indexed.class);
        MethodCallExpression lent =
                new MethodCallExpression(new ClassExpression(operands), "indexed", new ArgumentListExpression(value));
        lent.setMethodTarget(operands.getDeclaredMethods("indexed").get(0));
        lent.setImplicitThis(false);
        lent.setSourcePosition(value);
        types.accept(lent, indexed);
        operation.setLeftExpression(lent);
        Expression index = new CastExpression(ClassHelper.OBJECT_TYPE, operation.getRightExpression());
        index.setSourcePosition(operation.getRightExpression());
        types.accept(index, ClassHelper.OBJECT_TYPE);
        operation.setRightExpression(index);
        return indexed.getDeclaredMethods("getAt").get(0);
    }

    /** Returns an operator that is looked up when the script runs, as a method of its first operand. */
    private static MethodNode late(Method method) {
        MethodNode called = ClassHelper.make(UnknownOperands.class).getDeclaredMethods(method.getName()).stream()
                .filter(one -> one.getParameters().length == method.getParameterCount())
                .findFirst()
                .orElseThrow();
        Parameter[] all = called.getParameters();
        Parameter[] others = Arrays.copyOfRange(all, 1, all.length);
        MethodNode extension = new ExtensionMethodNode(
                called,
                called.getName(),
                called.getModifiers(),
                called.getReturnType(),
                others,
                ClassNode.EMPTY_ARRAY,
                null);
        extension.setDeclaringClass(ClassHelper.OBJECT_TYPE);
        return extension;
    }
}
