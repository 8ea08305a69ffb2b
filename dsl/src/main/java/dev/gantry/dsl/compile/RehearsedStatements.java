package dev.gantry.dsl.compile;

import static dev.gantry.dsl.compile.RehearsedExpressions.call;
import static dev.gantry.dsl.compile.RehearsedExpressions.isAssignment;
import static dev.gantry.dsl.compile.RehearsedExpressions.unknown;
import static org.codehaus.groovy.ast.tools.GeneralUtils.assignS;
import static org.codehaus.groovy.ast.tools.GeneralUtils.block;
import static org.codehaus.groovy.ast.tools.GeneralUtils.catchS;
import static org.codehaus.groovy.ast.tools.GeneralUtils.classX;
import static org.codehaus.groovy.ast.tools.GeneralUtils.constX;
import static org.codehaus.groovy.ast.tools.GeneralUtils.declS;
import static org.codehaus.groovy.ast.tools.GeneralUtils.ifS;
import static org.codehaus.groovy.ast.tools.GeneralUtils.localVarX;
import static org.codehaus.groovy.ast.tools.GeneralUtils.param;
import static org.codehaus.groovy.ast.tools.GeneralUtils.returnS;
import static org.codehaus.groovy.ast.tools.GeneralUtils.stmt;
import static org.codehaus.groovy.ast.tools.GeneralUtils.varX;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.codehaus.groovy.ast.ClassHelper;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.expr.BinaryExpression;
import org.codehaus.groovy.ast.expr.ClosureExpression;
import org.codehaus.groovy.ast.expr.DeclarationExpression;
import org.codehaus.groovy.ast.expr.EmptyExpression;
import org.codehaus.groovy.ast.expr.Expression;
import org.codehaus.groovy.ast.expr.MethodCallExpression;
import org.codehaus.groovy.ast.expr.TupleExpression;
import org.codehaus.groovy.ast.expr.VariableExpression;
import org.codehaus.groovy.ast.stmt.BlockStatement;
import org.codehaus.groovy.ast.stmt.EmptyStatement;
import org.codehaus.groovy.ast.stmt.ExpressionStatement;
import org.codehaus.groovy.ast.stmt.IfStatement;
import org.codehaus.groovy.ast.stmt.ReturnStatement;
import org.codehaus.groovy.ast.stmt.Statement;
import org.codehaus.groovy.ast.stmt.SwitchStatement;
import org.codehaus.groovy.ast.stmt.TryCatchStatement;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.syntax.Token;
import org.codehaus.groovy.syntax.Types;

/**
 * Rewrites the statements of a script for {@link RehearsedCode}: each fails by itself. {@link RehearsedFlow} rewrites
 * those that choose among others.
 */
final class RehearsedStatements {
    /** Methods whose closure does something for each item of their receiver. */
    private static final Set<String> ITERATIONS = Set.of(
            "any",
            "collect",
            "collectEntries",
            "collectMany",
            "each",
            "eachLine",
            "eachWithIndex",
            "every",
            "find",
            "findAll",
            "forEach",
            "groupBy",
            "inject",
            "sort",
            "splitEachLine",
            "tap",
            "times",
            "upto",
            "with");

    private final RehearsedExpressions expressions;
    private final RehearsedFlow flow;
    private int names;

    RehearsedStatements(SourceUnit source) {
        expressions = new RehearsedExpressions(source, this);
        flow = new RehearsedFlow(this, expressions);
    }

    /** Returns the body of a method or a closure, whose last statement is, if it returns, its value. */
    BlockStatement body(Statement code, boolean returns) {
        BlockStatement body = all(code, returns);
        if (returns && !code.isEmpty() && isChoice(lastOf(code))) {
            body.addStatement(returnS(unknown())); // of a choice that was not known
        }
        return body;
    }

    private static Statement lastOf(Statement code) {
        return code instanceof BlockStatement whole
                ? whole.getStatements().get(whole.getStatements().size() - 1)
                : code;
    }

    private static boolean isChoice(Statement statement) {
        return statement instanceof IfStatement
                || statement instanceof SwitchStatement
                || statement instanceof TryCatchStatement;
    }

    /** Returns the statements of a block; with {@code last}, the last of them is the value of the body around it. */
    BlockStatement all(Statement code, boolean last) {
        BlockStatement rewritten = new BlockStatement();
        List<Statement> statements = code instanceof BlockStatement whole ? whole.getStatements() : List.of(code);
        for (int i = 0; i < statements.size(); i++) {
            rewritten.addStatements(rewrite(statements.get(i), last && i == statements.size() - 1));
        }
        return rewritten;
    }

    private List<Statement> rewrite(Statement statement, boolean last) {
        if (statement instanceof BlockStatement nested) {
            return List.of(all(nested, last));
        } else if (statement instanceof ExpressionStatement one) {
            return expression(one, last);
        } else if (statement instanceof ReturnStatement end) {
            return List.of(returning(end.isReturningNullOrVoid() ? null : end.getExpression(), end));
        } else if (statement instanceof EmptyStatement) {
            return List.of(statement);
        }
        return flow.rewrite(statement, last).orElseGet(() -> {
            statement.visit(expressions); // an assertion, a throw: expressions only
            return List.of(guarded(statement));
        });
    }

    private List<Statement> expression(ExpressionStatement statement, boolean last) {
        List<Statement> all = new ArrayList<>();
        Expression expression = statement.getExpression();
        if (expression instanceof DeclarationExpression declaration) {
            if (!declaration.getAnnotations().isEmpty()) {
                return List.of(statement); // a field of the script
            }
            return declaration(declaration, statement);
        }
        Expression value = expressions.transform(expression);
        Statement visit = hoisted(value, all);
        if (last && !(value instanceof BinaryExpression binary && isAssignment(binary))) {
            all.add(returning(value, visit, statement));
            return all;
        }
        Statement rewritten = stmt(value);
        rewritten.setSourcePosition(statement);
        VariableExpression target = value instanceof BinaryExpression binary
                        && isAssignment(binary)
                        && binary.getLeftExpression() instanceof VariableExpression variable
                ? variable
                : null;
        all.add(guarded(rewritten, target, visit));
        return all;
    }

    private List<Statement> declaration(DeclarationExpression declaration, Statement statement) {
        List<Statement> all = new ArrayList<>();
        boolean isMultiple = declaration.isMultipleAssignmentDeclaration();
        List<Expression> variables = isMultiple
                ? declaration.getTupleExpression().getExpressions()
                : List.<Expression>of(declaration.getVariableExpression());
        for (Expression variable : variables) {
            all.add(declS(localVarX(((VariableExpression) variable).getName()), unknown()));
        }
        Expression value = expressions.transform(declaration.getRightExpression());
        Statement visit = hoisted(value, all);
        Expression left;
        if (isMultiple) {
            List<Expression> names = new ArrayList<>();
            variables.forEach(variable -> names.add(varX(((VariableExpression) variable).getName())));
            left = new TupleExpression(names);
        } else {
            VariableExpression variable = declaration.getVariableExpression();
            left = varX(variable.getName());
            ClassNode type = variable.getOriginType();
            boolean isPrimitive = ClassHelper.isPrimitiveType(type);
            boolean isEmpty = value instanceof EmptyExpression;
            if (isEmpty) {
                value = constX(isPrimitive ? 0 : null);
            }
            if (!variable.isDynamicTyped() && !type.isArray() && (isPrimitive || !isEmpty)) {
                ClassNode plain = isPrimitive ? type : ClassHelper.makeWithoutCaching(type.getUnresolvedName());
                value = call("fit", value, classX(plain));
            }
        }
        Statement assignment = stmt(new BinaryExpression(left, Token.newSymbol(Types.EQUAL, -1, -1), value));
        assignment.setSourcePosition(statement);
        all.add(guarded(assignment, null, visit)); // it is unknown already
        return all;
    }

    /**
     * Puts the closures of iterations in front of the statement, so that they can be tried where what they go through
     * is unknown; returns what tries them.
     */
    private Statement hoisted(Expression value, List<Statement> before) {
        BlockStatement visits = new BlockStatement();
        Expression at = value;
        while (at instanceof MethodCallExpression call) {
            if (ITERATIONS.contains(String.valueOf(call.getMethodAsString()))
                    && call.getArguments() instanceof TupleExpression list) {
                for (int i = 0; i < list.getExpressions().size(); i++) {
                    if (list.getExpression(i) instanceof ClosureExpression closure) {
                        String name = name();
                        before.add(declS(localVarX(name), closure));
                        list.getExpressions().set(i, varX(name));
                        visits.addStatement(stmt(call("visit", varX(name))));
                    }
                }
            }
            at = call.getObjectExpression();
        }
        return visits;
    }

    private Statement returning(Expression value, Statement at) {
        return returning(value == null ? null : expressions.transform(value), new BlockStatement(), at);
    }

    /** Returns from the body if a run would do so too. */
    private Statement returning(Expression value, Statement visit, Statement at) {
        if (value == null) {
            return ifS(call("isCertain"), new ReturnStatement(constX(null)));
        }
        String result = name();
        Statement evaluation = declS(localVarX(result), value);
        evaluation.setSourcePosition(at);
        String thrown = name();
        String unknown = name();
        TryCatchStatement rewritten = new TryCatchStatement(
                block(evaluation, ifS(call("isCertain"), returnS(varX(result)))), EmptyStatement.INSTANCE);
        rewritten.addCatch(catchS(
                param(ClassHelper.THROWABLE_TYPE, thrown),
                block(
                        declS(localVarX(unknown), call("failed", varX(thrown))),
                        visit,
                        ifS(call("isCertain"), returnS(varX(unknown))))));
        return rewritten;
    }

    Statement guarded(Statement statement) {
        return guarded(statement, null, new BlockStatement());
    }

    /** Lets a statement fail by itself; what it was to set is then unknown. */
    private Statement guarded(Statement statement, VariableExpression target, Statement visit) {
        String thrown = name();
        Expression failed = call("failed", varX(thrown));
        TryCatchStatement rewritten = new TryCatchStatement(block(statement), EmptyStatement.INSTANCE);
        rewritten.addCatch(catchS(
                param(ClassHelper.THROWABLE_TYPE, thrown),
                block(target == null ? stmt(failed) : assignS(varX(target.getName()), failed), visit)));
        return rewritten;
    }

    /** Returns a name that no variable of the script has. */
    String name() {
        return "$gantry" + names++;
    }
}
