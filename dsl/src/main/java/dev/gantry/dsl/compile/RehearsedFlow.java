package dev.gantry.dsl.compile;

import static dev.gantry.dsl.compile.RehearsedExpressions.call;
import static dev.gantry.dsl.compile.RehearsedExpressions.on;
import static dev.gantry.dsl.compile.RehearsedExpressions.unknown;
import static org.codehaus.groovy.ast.tools.GeneralUtils.assignS;
import static org.codehaus.groovy.ast.tools.GeneralUtils.block;
import static org.codehaus.groovy.ast.tools.GeneralUtils.catchS;
import static org.codehaus.groovy.ast.tools.GeneralUtils.constX;
import static org.codehaus.groovy.ast.tools.GeneralUtils.declS;
import static org.codehaus.groovy.ast.tools.GeneralUtils.eqX;
import static org.codehaus.groovy.ast.tools.GeneralUtils.ifS;
import static org.codehaus.groovy.ast.tools.GeneralUtils.localVarX;
import static org.codehaus.groovy.ast.tools.GeneralUtils.neX;
import static org.codehaus.groovy.ast.tools.GeneralUtils.param;
import static org.codehaus.groovy.ast.tools.GeneralUtils.stmt;
import static org.codehaus.groovy.ast.tools.GeneralUtils.varX;

import dev.gantry.dsl.rehearsal.Rehearsal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.codehaus.groovy.ast.ClassHelper;
import org.codehaus.groovy.ast.expr.BooleanExpression;
import org.codehaus.groovy.ast.expr.ClosureListExpression;
import org.codehaus.groovy.ast.expr.Expression;
import org.codehaus.groovy.ast.stmt.BlockStatement;
import org.codehaus.groovy.ast.stmt.BreakStatement;
import org.codehaus.groovy.ast.stmt.CaseStatement;
import org.codehaus.groovy.ast.stmt.CatchStatement;
import org.codehaus.groovy.ast.stmt.ContinueStatement;
import org.codehaus.groovy.ast.stmt.DoWhileStatement;
import org.codehaus.groovy.ast.stmt.EmptyStatement;
import org.codehaus.groovy.ast.stmt.ForStatement;
import org.codehaus.groovy.ast.stmt.IfStatement;
import org.codehaus.groovy.ast.stmt.Statement;
import org.codehaus.groovy.ast.stmt.SwitchStatement;
import org.codehaus.groovy.ast.stmt.TryCatchStatement;
import org.codehaus.groovy.ast.stmt.WhileStatement;

/** Rewrites the statements of a script that choose among others, for {@link RehearsedCode}. */
final class RehearsedFlow {
    private final RehearsedStatements statements;
    private final RehearsedExpressions expressions;
    private Optional<String> level = Optional.empty(); // the variable of the switch that a `break` would leave

    RehearsedFlow(RehearsedStatements statements, RehearsedExpressions expressions) {
        this.statements = statements;
        this.expressions = expressions;
    }

    /** Returns what takes the place of a statement; empty if it is none of those. */
    Optional<List<Statement>> rewrite(Statement statement, boolean last) {
        if (statement instanceof IfStatement choice) {
            return Optional.of(choice(choice, last));
        } else if (statement instanceof SwitchStatement choice) {
            return Optional.of(choice(choice, last));
        } else if (statement instanceof TryCatchStatement attempt) {
            return Optional.of(List.of(attempt(attempt, last)));
        } else if (statement instanceof ForStatement loop) {
            return Optional.of(loop(loop));
        } else if (statement instanceof WhileStatement loop) {
            return Optional.of(turns(loop.getBooleanExpression().getExpression(), loop.getLoopBlock(), true));
        } else if (statement instanceof DoWhileStatement loop) {
            return Optional.of(turns(loop.getBooleanExpression().getExpression(), loop.getLoopBlock(), false));
        } else if (statement instanceof BreakStatement) {
            Expression leaves = level.map(name -> call("isAt", varX(name))).orElseGet(() -> call("isCertain"));
            return Optional.of(List.of(ifS(leaves, statement)));
        } else if (statement instanceof ContinueStatement) {
            return Optional.of(List.of(ifS(call("isCertain"), statement)));
        }
        return Optional.empty();
    }

    private List<Statement> choice(IfStatement choice, boolean last) {
        String condition = statements.name();
        List<Statement> all = condition(choice.getBooleanExpression().getExpression(), condition);
        all.add(stmt(call("enter", varX(condition))));
        all.add(ifS(neX(varX(condition), constX(0)), statements.all(choice.getIfBlock(), last)));
        if (!(choice.getElseBlock() instanceof EmptyStatement)) {
            all.add(ifS(neX(varX(condition), constX(1)), statements.all(choice.getElseBlock(), last)));
        }
        all.add(stmt(call("leave", varX(condition))));
        return all;
    }

    /**
     * Looks for the case that is taken, then enters it. Where it is unknown, the first is entered, and then all others
     * after it, since no {@code break} leaves such a switch.
     */
    private List<Statement> choice(SwitchStatement choice, boolean last) {
        String way = statements.name();
        String entered = statements.name();
        SwitchStatement search = new SwitchStatement(expressions.transform(choice.getExpression()));
        search.setSourcePosition(choice);
        SwitchStatement cases = new SwitchStatement(call("first", varX(way)));
        Optional<String> around = level;
        level = Optional.of(entered);
        List<CaseStatement> all = choice.getCaseStatements();
        for (int i = 0; i < all.size(); i++) {
            Expression value = expressions.transform(all.get(i).getExpression());
            search.addCase(new CaseStatement(value, block(assignS(varX(way), constX(i)), new BreakStatement())));
            cases.addCase(new CaseStatement(constX(i), statements.all(all.get(i).getCode(), last)));
        }
        search.setDefaultStatement(assignS(varX(way), constX(all.size())));
        cases.setDefaultStatement(statements.all(choice.getDefaultStatement(), last));
        level = around;
        return List.of(
                declS(localVarX(way), constX(Rehearsal.NONE)),
                statements.guarded(search),
                stmt(call("enter", call("any", varX(way)))),
                declS(localVarX(entered), call("level", varX(way))),
                cases,
                stmt(call("leave", call("any", varX(way)))));
    }

    /** Tries every handler, unless it is known that one of them is come to. */
    private Statement attempt(TryCatchStatement attempt, boolean last) {
        if (!attempt.getResourceStatements().isEmpty()) {
            attempt.visit(expressions);
            return statements.guarded(attempt);
        }
        String way = statements.name();
        String caught = statements.name();
        TryCatchStatement tried =
                new TryCatchStatement(statements.all(attempt.getTryStatement(), last), EmptyStatement.INSTANCE);
        tried.setSourcePosition(attempt);
        BlockStatement all = new BlockStatement();
        all.addStatement(declS(localVarX(way), constX(Rehearsal.NONE)));
        all.addStatement(declS(localVarX(caught), unknown()));
        all.addStatement(attempt.getCatchStatements().isEmpty() ? tried.getTryStatement() : tried);
        for (CatchStatement handler : attempt.getCatchStatements()) {
            int number = tried.getCatchStatements().size();
            String thrown = statements.name();
            tried.addCatch(catchS(
                    param(handler.getExceptionType(), thrown),
                    block(assignS(varX(way), constX(number)), assignS(varX(caught), varX(thrown)))));
            all.addStatement(ifS(
                    call("mayBe", varX(way), constX(number)),
                    block(
                            stmt(call("enter", call("any", varX(way)))),
                            declS(localVarX(handler.getVariable().getName()), varX(caught)),
                            statements.all(handler.getCode(), last),
                            stmt(call("leave", call("any", varX(way)))))));
        }
        return attempt.getFinallyStatement() instanceof EmptyStatement
                ? all
                : new TryCatchStatement(all, statements.all(attempt.getFinallyStatement(), false));
    }

    private List<Statement> condition(Expression expression, String name) {
        List<Statement> all = new ArrayList<>();
        all.add(declS(localVarX(name), constX(Rehearsal.EITHER)));
        Statement truth = assignS(varX(name), call("truth", expressions.transform(expression)));
        truth.setSourcePosition(expression);
        all.add(statements.guarded(truth));
        return all;
    }

    private List<Statement> loop(ForStatement loop) {
        if (loop.getCollectionExpression() instanceof ClosureListExpression) {
            loop.setLoopBlock(inLoop(loop.getLoopBlock()));
            return List.of(statements.guarded(loop));
        }
        List<Statement> all = new ArrayList<>();
        String items = statements.name();
        all.add(declS(localVarX(items), unknown()));
        Statement assignment = assignS(varX(items), expressions.transform(loop.getCollectionExpression()));
        assignment.setSourcePosition(loop);
        all.add(statements.guarded(assignment));
        all.add(stmt(call("enter", call("either", varX(items)))));
        Statement rewritten = new ForStatement(
                param(ClassHelper.dynamicType(), loop.getValueVariable().getName()),
                call("items", varX(items)),
                inLoop(loop.getLoopBlock()));
        rewritten.setSourcePosition(loop);
        all.add(rewritten);
        all.add(stmt(call("leave", call("either", varX(items)))));
        return all;
    }

    private List<Statement> turns(Expression condition, Statement code, boolean asksFirst) {
        String turns = statements.name();
        String holds = statements.name();
        BlockStatement turn = new BlockStatement();
        if (!asksFirst) {
            turn.addStatement(inLoop(code));
        }
        turn.addStatements(condition(condition, holds));
        turn.addStatement(ifS(eqX(varX(holds), constX(0)), new BreakStatement()));
        if (asksFirst) {
            turn.addStatement(stmt(call("enter", varX(holds))));
            turn.addStatement(inLoop(code));
        }
        turn.addStatement(ifS(eqX(varX(holds), constX(Rehearsal.EITHER)), new BreakStatement()));
        List<Statement> all = new ArrayList<>();
        all.add(declS(localVarX(turns), call("turns")));
        all.add(new WhileStatement(new BooleanExpression(on(varX(turns), "again")), turn));
        all.add(stmt(on(varX(turns), "end")));
        return all;
    }

    private BlockStatement inLoop(Statement code) {
        Optional<String> around = level;
        level = Optional.empty();
        BlockStatement rewritten = statements.all(code, false);
        level = around;
        return rewritten;
    }
}
