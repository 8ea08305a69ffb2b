package dev.gantry.dsl.compile;

import org.codehaus.groovy.ast.ClassCodeExpressionTransformer;
import org.codehaus.groovy.ast.expr.ClosureExpression;
import org.codehaus.groovy.ast.expr.Expression;
import org.codehaus.groovy.control.SourceUnit;

/** Rewrites the expressions of a script, those in its blocks too, which Groovy's transformer leaves out. */
abstract class ScriptRewriter extends ClassCodeExpressionTransformer {
    private final SourceUnit source;

    ScriptRewriter(SourceUnit source) {
        this.source = source;
    }

    @Override
    protected final SourceUnit getSourceUnit() {
        return source;
    }

    @Override
    public final Expression transform(Expression expression) {
        return expression instanceof ClosureExpression closure ? rewriteBlock(closure) : rewrite(expression);
    }

    /** Rewrites a block. */
    Expression rewriteBlock(ClosureExpression block) {
        block.getCode().visit(this);
        return block;
    }

    /** Rewrites what is no block; what is in it is rewritten by {@link #parts}. */
    abstract Expression rewrite(Expression expression);

    /** Rewrites the parts of an expression. */
    final Expression parts(Expression expression) {
        return super.transform(expression);
    }
}
