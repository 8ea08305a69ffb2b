package dev.gantry.dsl.compile;

import java.util.ArrayList;
import java.util.List;
import org.codehaus.groovy.ast.ASTNode;
import org.codehaus.groovy.ast.ClassCodeVisitorSupport;
import org.codehaus.groovy.ast.ClassHelper;
import org.codehaus.groovy.ast.expr.BinaryExpression;
import org.codehaus.groovy.ast.expr.ConstantExpression;
import org.codehaus.groovy.ast.expr.DeclarationExpression;
import org.codehaus.groovy.ast.expr.Expression;
import org.codehaus.groovy.ast.expr.ListExpression;
import org.codehaus.groovy.ast.expr.TupleExpression;
import org.codehaus.groovy.ast.expr.VariableExpression;
import org.codehaus.groovy.ast.stmt.BlockStatement;
import org.codehaus.groovy.ast.stmt.ExpressionStatement;
import org.codehaus.groovy.ast.stmt.Statement;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.syntax.Token;
import org.codehaus.groovy.syntax.Types;

/**
 * Takes assignments to several variables apart, which the compiler checks only if a list is written on the right:
 * {@code def (a, b) = f()} becomes {@code def all = f(); def a = all[0]; def b = all[1]}.
 */
final class MultipleAssignments extends ClassCodeVisitorSupport {
    private static final String HIDDEN = "$assigned";

    private final SourceUnit source;
    private int count;

    MultipleAssignments(SourceUnit source) {
        this.source = source;
    }

    @Override
    protected SourceUnit getSourceUnit() {
        return source;
    }

    @Override
    public void visitBlockStatement(BlockStatement block) {
        super.visitBlockStatement(block);
        List<Statement> statements = new ArrayList<>();
        for (Statement statement : block.getStatements()) {
            if (statement instanceof ExpressionStatement one
                    && one.getExpression() instanceof BinaryExpression assignment
                    && assignment.getOperation().getType() == Types.EQUAL
                    && assignment.getLeftExpression() instanceof TupleExpression targets
                    && !(assignment.getRightExpression() instanceof ListExpression)) {
                takeApart(one, assignment, targets, statements);
            } else {
                statements.add(statement);
            }
        }
        block.getStatements().clear();
        block.getStatements().addAll(statements);
    }

    private void takeApart(
            ExpressionStatement whole, BinaryExpression assignment, TupleExpression targets, List<Statement> into) {
        String name = HIDDEN + count++;
        Expression right = assignment.getRightExpression();
        VariableExpression all = at(right, new VariableExpression(name, ClassHelper.dynamicType()));
        into.add(statement(whole, new DeclarationExpression(all, assignment.getOperation(), right)));
        for (int i = 0; i < targets.getExpressions().size(); i++) {
            Expression target = targets.getExpression(i);
            Expression index = at(right, new ConstantExpression(i, true));
            Token bracket = Token.newSymbol(Types.LEFT_SQUARE_BRACKET, right.getLineNumber(), right.getColumnNumber());
            Expression element =
                    at(right, new BinaryExpression(at(right, new VariableExpression(name)), bracket, index));
            into.add(statement(
                    whole,
                    assignment instanceof DeclarationExpression
                            ? new DeclarationExpression(target, assignment.getOperation(), element)
                            : new BinaryExpression(target, assignment.getOperation(), element)));
        }
    }

    private static Statement statement(Statement place, Expression expression) {
        ExpressionStatement statement = new ExpressionStatement(at(place, expression));
        statement.setSourcePosition(place);
        return statement;
    }

    private static <T extends Expression> T at(ASTNode place, T expression) {
        expression.setSourcePosition(place);
        return expression;
    }
}
