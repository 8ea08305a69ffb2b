package dev.gantry.dsl.compile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.codehaus.groovy.ast.ClassHelper;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.CodeVisitorSupport;
import org.codehaus.groovy.ast.GenericsType;
import org.codehaus.groovy.ast.MethodNode;
import org.codehaus.groovy.ast.expr.ClosureExpression;
import org.codehaus.groovy.ast.expr.ConstantExpression;
import org.codehaus.groovy.ast.expr.Expression;
import org.codehaus.groovy.ast.expr.MethodCallExpression;
import org.codehaus.groovy.ast.stmt.ReturnStatement;
import org.codehaus.groovy.ast.tools.GenericsUtils;
import org.codehaus.groovy.ast.tools.WideningCategories.LowestUpperBoundClassNode;
import org.codehaus.groovy.classgen.ReturnAdder;

/** What the compiler does not look at in the functions of a script: what those without a type return. */
final class OwnFunctions {
    private OwnFunctions() {}

    /** Puts the functions of a class before those that call them, so that what they return is known there. */
    static void order(ClassNode type) {
        List<MethodNode> methods = type.getMethods();
        Set<MethodNode> ordered = new LinkedHashSet<>();
        Set<MethodNode> begun = new LinkedHashSet<>();
        List.copyOf(methods).forEach(method -> add(method, type, begun, ordered));
        methods.clear();
        methods.addAll(ordered);
    }

    private static void add(MethodNode method, ClassNode type, Set<MethodNode> begun, Set<MethodNode> ordered) {
        if (begun.add(method) && method.getCode() != null) {
            method.getCode().visit(new CodeVisitorSupport() {
                @Override
                public void visitMethodCallExpression(MethodCallExpression call) {
                    super.visitMethodCallExpression(call);
                    String name = call.getMethodAsString();
                    if (name != null) {
                        type.getDeclaredMethods(name).forEach(called -> add(called, type, begun, ordered));
                    }
                }
            });
        }
        ordered.add(method);
    }

    /**
     * Gives a function that has been checked the type of what it returns, if that is the same everywhere.
     *
     * @param types returns the type of an expression
     */
    static void giveType(MethodNode method, Function<Expression, ClassNode> types) {
        if (!isUntyped(method)) {
            return;
        }
        List<Expression> returned = new ArrayList<>();
        new ReturnAdder(statement -> returned.add(statement.getExpression())).visitMethod(method);
        method.getCode().visit(new CodeVisitorSupport() {
            @Override
            public void visitReturnStatement(ReturnStatement statement) {
                returned.add(statement.getExpression());
            }

            @Override
            public void visitClosureExpression(ClosureExpression closure) {
                return; // what it returns is not what the function does
            }
        });
        ClassNode common = null;
        for (Expression one : returned) {
            if (!(one instanceof ConstantExpression constant && constant.isNullExpression())) {
                ClassNode type = ClassHelper.getWrapper(types.apply(one));
                if (common != null && !common.equals(type)) {
                    return;
                }
                common = type;
            }
        }
        boolean isKnown = common != null
                && !ClassHelper.isObjectType(common)
                && !common.equals(ClassHelper.void_WRAPPER_TYPE)
                && !ClassHelper.isPrimitiveVoid(common)
                && !(common instanceof LowestUpperBoundClassNode);
        if (isKnown) {
            method.setReturnType(clean(common));
        }
    }

    /** Returns a type that a method may say; of one that is itself not said whole, only the class. */
    private static ClassNode clean(ClassNode type) {
        GenericsType[] content = type.getGenericsTypes();
        boolean isWhole =
                content != null && Arrays.stream(content).noneMatch(one -> one.isPlaceholder() || one.isWildcard());
        return isWhole
                ? GenericsUtils.makeClassSafeWithGenerics(type.getPlainNodeReference(), content)
                : GenericsUtils.nonGeneric(type);
    }

    private static boolean isUntyped(MethodNode method) {
        return method.getCode() != null
                && method.getDeclaringClass().isScript()
                && !method.isScriptBody()
                && !method.getName().equals("main")
                && ClassHelper.isObjectType(method.getReturnType());
    }
}
