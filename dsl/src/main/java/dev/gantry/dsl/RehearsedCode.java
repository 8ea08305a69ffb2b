package dev.gantry.dsl;

import static org.codehaus.groovy.ast.tools.GeneralUtils.args;
import static org.codehaus.groovy.ast.tools.GeneralUtils.assignS;
import static org.codehaus.groovy.ast.tools.GeneralUtils.block;
import static org.codehaus.groovy.ast.tools.GeneralUtils.callX;
import static org.codehaus.groovy.ast.tools.GeneralUtils.catchS;
import static org.codehaus.groovy.ast.tools.GeneralUtils.classX;
import static org.codehaus.groovy.ast.tools.GeneralUtils.constX;
import static org.codehaus.groovy.ast.tools.GeneralUtils.declS;
import static org.codehaus.groovy.ast.tools.GeneralUtils.eqX;
import static org.codehaus.groovy.ast.tools.GeneralUtils.ifS;
import static org.codehaus.groovy.ast.tools.GeneralUtils.localVarX;
import static org.codehaus.groovy.ast.tools.GeneralUtils.neX;
import static org.codehaus.groovy.ast.tools.GeneralUtils.param;
import static org.codehaus.groovy.ast.tools.GeneralUtils.returnS;
import static org.codehaus.groovy.ast.tools.GeneralUtils.stmt;
import static org.codehaus.groovy.ast.tools.GeneralUtils.varX;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.codehaus.groovy.ast.ClassCodeExpressionTransformer;
import org.codehaus.groovy.ast.ClassHelper;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.MethodNode;
import org.codehaus.groovy.ast.Parameter;
import org.codehaus.groovy.ast.VariableScope;
import org.codehaus.groovy.ast.expr.BinaryExpression;
import org.codehaus.groovy.ast.expr.BooleanExpression;
import org.codehaus.groovy.ast.expr.ClosureExpression;
import org.codehaus.groovy.ast.expr.ClosureListExpression;
import org.codehaus.groovy.ast.expr.ConstantExpression;
import org.codehaus.groovy.ast.expr.ConstructorCallExpression;
import org.codehaus.groovy.ast.expr.DeclarationExpression;
import org.codehaus.groovy.ast.expr.EmptyExpression;
import org.codehaus.groovy.ast.expr.Expression;
import org.codehaus.groovy.ast.expr.MethodCallExpression;
import org.codehaus.groovy.ast.expr.PropertyExpression;
import org.codehaus.groovy.ast.expr.TupleExpression;
import org.codehaus.groovy.ast.expr.VariableExpression;
import org.codehaus.groovy.ast.stmt.BlockStatement;
import org.codehaus.groovy.ast.stmt.BreakStatement;
import org.codehaus.groovy.ast.stmt.CaseStatement;
import org.codehaus.groovy.ast.stmt.CatchStatement;
import org.codehaus.groovy.ast.stmt.ContinueStatement;
import org.codehaus.groovy.ast.stmt.DoWhileStatement;
import org.codehaus.groovy.ast.stmt.EmptyStatement;
import org.codehaus.groovy.ast.stmt.ExpressionStatement;
import org.codehaus.groovy.ast.stmt.ForStatement;
import org.codehaus.groovy.ast.stmt.IfStatement;
import org.codehaus.groovy.ast.stmt.ReturnStatement;
import org.codehaus.groovy.ast.stmt.Statement;
import org.codehaus.groovy.ast.stmt.SwitchStatement;
import org.codehaus.groovy.ast.stmt.TryCatchStatement;
import org.codehaus.groovy.ast.stmt.WhileStatement;
import org.codehaus.groovy.classgen.GeneratorContext;
import org.codehaus.groovy.control.CompilePhase;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.customizers.CompilationCustomizer;
import org.codehaus.groovy.syntax.Token;
import org.codehaus.groovy.syntax.Types;

/**
 * Rewrites a script so that each of its statements can fail by itself, see {@link Rehearsal}. {@code def x = f()} becomes
 *
 * <pre>{@code
 * def x
 * try { x = f() } catch (Throwable t) { x = Rehearsal.failed(t) }
 * }</pre>
 *
 * <p>Locals lose their types, since they may hold the unknown value; the compiler's checks have seen the script before.
 */
final class RehearsedCode extends CompilationCustomizer {
    private static final ClassNode REHEARSAL = ClassHelper.make(Rehearsal.class);

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

    /** Words that take a name and a block. */
    private static final Set<String> NAMED = Set.of("branch", "container", "pod", "step");

    RehearsedCode() {
        super(CompilePhase.CONVERSION); // before names are resolved
    }

    @Override
    public void call(SourceUnit source, GeneratorContext context, ClassNode type) {
        if (type.isScript()) { // a class of the script's own is left as it is
            Rewriting rewriting = new Rewriting(source);
            for (MethodNode method : type.getMethods()) {
                if (method.getCode() != null) {
                    boolean returns = !method.getName().equals("run") && !method.isVoidMethod();
                    method.setCode(rewriting.body(method.getCode(), returns));
                }
            }
        }
    }

    private static final class Rewriting extends ClassCodeExpressionTransformer {
        private final SourceUnit source;
        private int names;

        Rewriting(SourceUnit source) {
            this.source = source;
        }

        @Override
        protected SourceUnit getSourceUnit() {
            return source;
        }

        /** Returns a body whose last statement is, if it returns, its value. */
        BlockStatement body(Statement code, boolean returns) {
            BlockStatement rewritten = new BlockStatement();
            List<Statement> statements = code instanceof BlockStatement whole ? whole.getStatements() : List.of(code);
            for (int i = 0; i < statements.size(); i++) {
                rewritten.addStatements(rewrite(statements.get(i), returns && i == statements.size() - 1));
            }
            return rewritten;
        }

        private List<Statement> rewrite(Statement statement, boolean last) {
            if (statement instanceof BlockStatement nested) {
                return List.of(body(nested, last));
            } else if (statement instanceof ExpressionStatement one) {
                return expression(one, last);
            } else if (statement instanceof ReturnStatement end) {
                return List.of(returning(end.isReturningNullOrVoid() ? null : end.getExpression(), end));
            } else if (statement instanceof IfStatement choice) {
                return choice(choice, last);
            } else if (statement instanceof ForStatement loop) {
                return loop(loop);
            } else if (statement instanceof WhileStatement loop) {
                return turns(loop.getBooleanExpression().getExpression(), loop.getLoopBlock(), true);
            } else if (statement instanceof DoWhileStatement loop) {
                return turns(loop.getBooleanExpression().getExpression(), loop.getLoopBlock(), false);
            } else if (statement instanceof TryCatchStatement attempt) {
                return List.of(attempt(attempt, last));
            } else if (statement instanceof SwitchStatement choice) {
                choice.setExpression(transform(choice.getExpression()));
                choice.getCaseStatements().forEach(this::inCase);
                choice.setDefaultStatement(body(choice.getDefaultStatement(), false));
                return List.of(guarded(choice));
            } else if (statement instanceof BreakStatement || statement instanceof ContinueStatement) {
                return List.of(ifS(call("isCertain"), statement));
            } else if (statement instanceof EmptyStatement) {
                return List.of(statement);
            }
            statement.visit(this); // an assertion, a throw: expressions only
            return List.of(guarded(statement));
        }

        private void inCase(CaseStatement one) {
            one.setCode(body(one.getCode(), false));
        }

        private Statement attempt(TryCatchStatement attempt, boolean last) {
            if (!attempt.getResourceStatements().isEmpty()) {
                attempt.visit(this);
                return guarded(attempt);
            }
            TryCatchStatement rewritten =
                    new TryCatchStatement(body(attempt.getTryStatement(), last), attempt.getFinallyStatement());
            for (CatchStatement one : attempt.getCatchStatements()) {
                rewritten.addCatch(new CatchStatement(one.getVariable(), body(one.getCode(), last)));
            }
            if (!(attempt.getFinallyStatement() instanceof EmptyStatement)) {
                rewritten.setFinallyStatement(body(attempt.getFinallyStatement(), false));
            }
            rewritten.setSourcePosition(attempt);
            return rewritten;
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
            Expression value = transform(expression);
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
            Expression value = transform(declaration.getRightExpression());
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

        private List<Statement> choice(IfStatement choice, boolean last) {
            String condition = name();
            List<Statement> all = condition(choice.getBooleanExpression().getExpression(), condition);
            all.add(stmt(call("enter", varX(condition))));
            all.add(ifS(neX(varX(condition), constX(0)), body(choice.getIfBlock(), last)));
            if (!(choice.getElseBlock() instanceof EmptyStatement)) {
                all.add(ifS(neX(varX(condition), constX(1)), body(choice.getElseBlock(), last)));
            }
            all.add(stmt(call("leave", varX(condition))));
            return all;
        }

        private List<Statement> condition(Expression expression, String name) {
            List<Statement> all = new ArrayList<>();
            all.add(declS(localVarX(name), constX(Rehearsal.EITHER)));
            Statement truth = assignS(varX(name), call("truth", transform(expression)));
            truth.setSourcePosition(expression);
            all.add(guarded(truth));
            return all;
        }

        private List<Statement> loop(ForStatement loop) {
            if (loop.getCollectionExpression() instanceof ClosureListExpression) {
                loop.setLoopBlock(body(loop.getLoopBlock(), false));
                return List.of(guarded(loop));
            }
            List<Statement> all = new ArrayList<>();
            String items = name();
            all.add(declS(localVarX(items), unknown()));
            Statement assignment = assignS(varX(items), transform(loop.getCollectionExpression()));
            assignment.setSourcePosition(loop);
            all.add(guarded(assignment));
            all.add(stmt(call("enter", call("either", varX(items)))));
            Statement rewritten = new ForStatement(
                    param(ClassHelper.dynamicType(), loop.getValueVariable().getName()),
                    call("items", varX(items)),
                    body(loop.getLoopBlock(), false));
            rewritten.setSourcePosition(loop);
            all.add(rewritten);
            all.add(stmt(call("leave", call("either", varX(items)))));
            return all;
        }

        private List<Statement> turns(Expression condition, Statement code, boolean asksFirst) {
            String turns = name();
            String holds = name();
            BlockStatement turn = new BlockStatement();
            if (!asksFirst) {
                turn.addStatement(body(code, false));
            }
            turn.addStatements(condition(condition, holds));
            turn.addStatement(ifS(eqX(varX(holds), constX(0)), new BreakStatement()));
            if (asksFirst) {
                turn.addStatement(stmt(call("enter", varX(holds))));
                turn.addStatement(body(code, false));
            }
            turn.addStatement(ifS(eqX(varX(holds), constX(Rehearsal.EITHER)), new BreakStatement()));
            List<Statement> all = new ArrayList<>();
            all.add(declS(localVarX(turns), call("turns")));
            all.add(new WhileStatement(new BooleanExpression(on(varX(turns), "again")), turn));
            all.add(stmt(on(varX(turns), "end")));
            return all;
        }

        private Statement returning(Expression value, Statement at) {
            return returning(value == null ? null : transform(value), new BlockStatement(), at);
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

        private Statement guarded(Statement statement) {
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

        @Override
        public Expression transform(Expression expression) {
            if (expression instanceof ClosureExpression closure) {
                closure.setCode(body(closure.getCode(), true));
                return closure;
            } else if (expression instanceof ConstructorCallExpression made
                    && MachineCalls.isMaker(made.getType().getNameWithoutPackage())) {
                return call("never");
            }
            Expression transformed = super.transform(expression);
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
                ClosureExpression name =
                        new ClosureExpression(Parameter.EMPTY_ARRAY, block(stmt(list.getExpression(0))));
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

        private static boolean isAssignment(BinaryExpression binary) {
            return Types.ofType(binary.getOperation().getType(), Types.ASSIGNMENT_OPERATOR);
        }

        private static Expression unknown() {
            return new PropertyExpression(classX(REHEARSAL), "UNKNOWN");
        }

        private static Expression call(String method, Expression... arguments) {
            return on(classX(REHEARSAL), method, arguments);
        }

        private static Expression on(Expression receiver, String method, Expression... arguments) {
            MethodCallExpression call = callX(receiver, method, args(arguments));
            call.setImplicitThis(false); // or a variable of the method's name would be called
            return call;
        }

        private String name() {
            return "$gantry" + names++;
        }
    }
}
