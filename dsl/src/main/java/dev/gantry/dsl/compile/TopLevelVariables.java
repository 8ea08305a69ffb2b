package dev.gantry.dsl.compile;

import groovy.transform.ThreadInterrupt;
import java.util.ArrayList;
import java.util.List;
import org.codehaus.groovy.ast.AnnotationNode;
import org.codehaus.groovy.ast.ClassHelper;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.ImportNode;
import org.codehaus.groovy.ast.expr.BinaryExpression;
import org.codehaus.groovy.ast.expr.CastExpression;
import org.codehaus.groovy.ast.expr.ConstantExpression;
import org.codehaus.groovy.ast.expr.DeclarationExpression;
import org.codehaus.groovy.ast.expr.EmptyExpression;
import org.codehaus.groovy.ast.expr.Expression;
import org.codehaus.groovy.ast.expr.TupleExpression;
import org.codehaus.groovy.ast.expr.VariableExpression;
import org.codehaus.groovy.ast.stmt.ExpressionStatement;
import org.codehaus.groovy.ast.stmt.Statement;
import org.codehaus.groovy.classgen.GeneratorContext;
import org.codehaus.groovy.control.CompilePhase;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.customizers.CompilationCustomizer;

/**
 * Makes what a line declares outlive the line: {@code def x = e} becomes {@code x = e}, an assignment to the session's
 * variable, so that the initialiser runs once. Takes down the declarations and the imports on the way.
 */
final class TopLevelVariables extends CompilationCustomizer {
    private final List<Declaration> declarations = new ArrayList<>();
    private final List<ImportNode> imports = new ArrayList<>();

    TopLevelVariables() {
        super(CompilePhase.CONVERSION);
    }

    @Override
    public void call(SourceUnit source, GeneratorContext context, ClassNode type) {
        type.addAnnotation(
                new AnnotationNode(ClassHelper.make(ThreadInterrupt.class))); // loops and calls can be cancelled
        if (!type.isScript() && !type.isScriptBody()) {
            return;
        }
        List<Statement> statements = source.getAST().getStatementBlock().getStatements();
        for (Statement statement : statements) {
            if (statement instanceof ExpressionStatement candidate
                    && candidate.getExpression() instanceof DeclarationExpression declaration) {
                candidate.setExpression(assignment(declaration));
            }
        }
        imports.addAll(source.getAST().getImports());
        imports.addAll(source.getAST().getStarImports());
        imports.addAll(source.getAST().getStaticImports().values());
        imports.addAll(source.getAST().getStaticStarImports().values());
    }

    /** Returns what was declared, in order. */
    List<Declaration> declarations() {
        return declarations;
    }

    /** Returns what was imported. */
    List<ImportNode> imports() {
        return imports;
    }

    private Expression assignment(DeclarationExpression declaration) {
        Expression target = declaration.getLeftExpression();
        List<String> names = new ArrayList<>();
        Expression variables = target;
        if (target instanceof TupleExpression tuple) {
            TupleExpression free = new TupleExpression();
            tuple.getExpressions().forEach(one -> {
                names.add(one.getText());
                free.addExpression(free(one));
            });
            variables = free;
        } else {
            names.add(target.getText());
            variables = free(target);
        }
        declarations.add(new Declaration(
                names, declaration.getLineNumber(), declaration.getColumnNumber(), target.getColumnNumber()));
        BinaryExpression assignment =
                new BinaryExpression(variables, declaration.getOperation(), value(declaration, target));
        assignment.setSourcePosition(declaration);
        return assignment;
    }

    private static Expression free(Expression variable) {
        VariableExpression free = new VariableExpression(variable.getText());
        free.setSourcePosition(variable);
        return free;
    }

    /** A declared type is kept by a cast: the session's variables have none of their own. */
    private static Expression value(DeclarationExpression declaration, Expression target) {
        Expression value = declaration.getRightExpression();
        if (value instanceof EmptyExpression) {
            value = new ConstantExpression(null);
        }
        if (!(target instanceof VariableExpression variable)
                || ClassHelper.isObjectType(variable.getOriginType())
                || value instanceof ConstantExpression constant && constant.isNullExpression()) {
            return value;
        }
        CastExpression cast = new CastExpression(variable.getOriginType(), value);
        cast.setSourcePosition(value);
        return cast;
    }
}
