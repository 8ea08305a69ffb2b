package dev.gantry.dsl.compile;

import dev.gantry.dsl.word.Keywords;
import dev.gantry.dsl.word.Kinds;
import dev.gantry.dsl.word.Operators;
import dev.gantry.dsl.word.Wording;
import groovy.lang.DelegatesTo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.codehaus.groovy.ast.ASTNode;
import org.codehaus.groovy.ast.AnnotationNode;
import org.codehaus.groovy.ast.ClassHelper;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.CodeVisitorSupport;
import org.codehaus.groovy.ast.DynamicVariable;
import org.codehaus.groovy.ast.GenericsType;
import org.codehaus.groovy.ast.MethodNode;
import org.codehaus.groovy.ast.Parameter;
import org.codehaus.groovy.ast.expr.ArgumentListExpression;
import org.codehaus.groovy.ast.expr.BinaryExpression;
import org.codehaus.groovy.ast.expr.ClassExpression;
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
import org.codehaus.groovy.ast.stmt.ReturnStatement;
import org.codehaus.groovy.ast.tools.WideningCategories.LowestUpperBoundClassNode;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.messages.SyntaxErrorMessage;
import org.codehaus.groovy.syntax.SyntaxException;
import org.codehaus.groovy.transform.stc.AbstractTypeCheckingExtension;
import org.codehaus.groovy.transform.stc.StaticTypeCheckingVisitor;
import org.codehaus.groovy.transform.stc.StaticTypesMarker;

/**
 * Finds names and arguments that nothing answers to. After one mistake the check goes on to find the next.
 *
 * <p>In Java, since an extension in Groovy costs a tenth of the time that a first script takes to compile. The compiler
 * loads it by its name.
 */
public final class KeywordChecking extends AbstractTypeCheckingExtension {
    private static final ClassNode DELEGATES_TO = ClassHelper.make(DelegatesTo.class);
    private static final String TYPE_OF_NULL = "<unknown parameter type>";

    private static final Object LINE = new Object();

    /** Calls that are checked as calls of a word, and choose among its overloads when the script runs. */
    private final Set<MethodCall> late = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Set<VariableExpression> reported = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Creates the extension for the check of one class; the compiler does. */
    public KeywordChecking(StaticTypeCheckingVisitor visitor) {
        super(visitor);
    }

    @Override
    public List<MethodNode> handleMissingMethod(
            ClassNode receiver, String name, ArgumentListExpression list, ClassNode[] types, MethodCall call) {
        if (call == null) {
            return List.of(); // of a method pointer: the compiler says it
        }
        if (isMadeUp(call)) {
            BinaryExpression operation = context.getEnclosingBinaryExpression();
            if (operation == null || !Operators.isOne(name)) {
                return List.of(); // such as a setter: the assignment is refused if none of them fits
            }
            return List.of(operator(operation, name, receiver, types));
        }
        Class<?> type = classOf(isImplicit(call) ? block() : owner(receiver));
        boolean onlyFollows = isUnknown(call.getReceiver())
                || !isImplicit(call) && isOpen(receiver)
                || Wording.isKnown(type, name)
                        && (list.getExpressions().stream().anyMatch(KeywordChecking::isUnknown)
                                || Arrays.stream(types).anyMatch(KeywordChecking::isOpen));
        if (!onlyFollows) {
            ASTNode at = call instanceof MethodCallExpression expression ? expression.getMethod() : (ASTNode) call;
            report(Wording.call(type, name, kinds(types), options(list)), at);
        }
        for (Expression argument : list) {
            if (!onlyFollows && argument instanceof ClosureExpression body) {
                body.setCode(new BlockStatement()); // without its keyword, every word in it would be a mistake
            }
        }
        Optional<MethodNode> meant = onlyFollows ? LateBlocks.find(receiver, name, types) : Optional.empty();
        if (meant.isPresent()) {
            late.add(call);
            return List.of(meant.get());
        }
        return call instanceof MethodCallExpression missing
                ? List.of(makeDynamic(missing))
                : List.of(newMethod(name, ClassHelper.OBJECT_TYPE));
    }

    @Override
    public boolean handleUnresolvedVariableExpression(VariableExpression variable) {
        report(Wording.property(classOf(block()), variable.getName()), variable);
        reported.add(variable);
        makeDynamic(variable);
        return true;
    }

    /** Finds names in blocks of script code that the compiler would leave to the script, which has no such property. */
    @Override
    public void afterVisitMethod(MethodNode method) {
        method.getCode().visit(new CodeVisitorSupport() {
            @Override
            public void visitVariableExpression(VariableExpression variable) {
                boolean isLeft = variable.getAccessedVariable() instanceof DynamicVariable
                        && isUnknown(variable)
                        && !reported.contains(variable);
                if (isLeft) {
                    report(Wording.property(classOf(method.getDeclaringClass()), variable.getName()), variable);
                }
            }
        });
        OwnFunctions.giveType(method, this::getType);
    }

    @Override
    public boolean handleUnresolvedProperty(PropertyExpression property) {
        String name = property.getPropertyAsString(); // none if it is put together when the script runs
        ClassNode owner = getType(property.getObjectExpression());
        if (name != null && !isUnknown(property.getObjectExpression()) && !isOpen(owner) && !isOpenList(owner)) {
            Class<?> type = classOf(owner);
            report(Wording.property(type, name), property.getProperty());
        }
        makeDynamic(property);
        return true;
    }

    @Override
    public boolean handleIncompatibleAssignment(ClassNode left, ClassNode right, Expression assignment) {
        if (!isOpen(right) && !right.isInterface()) {
            report(Wording.assignment(Kinds.of(classOf(left)), kind(right)), assignment);
        }
        return true;
    }

    /** Lets a function with a type return what only shows when the script runs. */
    @Override
    public boolean handleIncompatibleReturnType(ReturnStatement statement, ClassNode inferred) {
        return isOpen(inferred);
    }

    /** Has the functions of a class checked before those that call them. */
    @Override
    public boolean beforeVisitClass(ClassNode type) {
        OwnFunctions.order(type);
        if (context.getErrorCollector() == context.getSource().getErrorCollector()) {
            context.pushErrorCollector(new LenientCollector(context.getErrorCollector()));
        }
        return false;
    }

    /** Notes the line, for the case that the compiler fails. */
    @Override
    public boolean beforeMethodCall(MethodCall call) {
        if (((ASTNode) call).getLineNumber() > 0) {
            context.getSource().getAST().putNodeMetaData(LINE, ((ASTNode) call).getLineNumber());
        }
        return false;
    }

    /** Returns the line of the call that was checked last; 1 if none was. */
    static int lastLine(SourceUnit source) {
        Integer line = source.getAST() == null ? null : source.getAST().getNodeMetaData(LINE);
        return line == null ? 1 : line;
    }

    /** Chooses any of a block's overloads for null; it refuses null when it runs. */
    @Override
    public List<MethodNode> handleAmbiguousMethods(List<MethodNode> methods, Expression origin) {
        boolean ours = methods.stream().allMatch(method -> Wording.isBlock(classOf(method.getDeclaringClass())));
        return ours ? methods.subList(0, 1) : methods;
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

    /** Knows the type of a parameter from {@code type:}, or else from that of its default. */
    @Override
    public void afterMethodCall(MethodCall call) {
        if (late.remove(call) && call instanceof MethodCallExpression checked) {
            makeDynamic(checked, getType(checked));
        }
        boolean isParam = call instanceof MethodCallExpression named
                && isImplicit(call)
                && "param".equals(named.getMethodAsString())
                && call.getArguments() instanceof TupleExpression list
                && list.getExpressions().size() == 2;
        if (isParam && ((TupleExpression) call.getArguments()).getExpression(0) instanceof MapExpression map) {
            ClassNode type = null;
            for (MapEntryExpression entry : map.getMapEntryExpressions()) {
                if (entry.getKeyExpression().getText().equals("type")
                        && entry.getValueExpression() instanceof ClassExpression given) {
                    type = given.getType();
                } else if (type == null && entry.getKeyExpression().getText().equals("default")) {
                    type = getType(entry.getValueExpression());
                }
            }
            if (type != null) {
                storeType((Expression) call, ClassHelper.getWrapper(type));
            }
        }
    }

    /** Returns whether the compiler made up the call, to look for a setter or for the method of an operator. */
    private static boolean isMadeUp(MethodCall call) {
        return call instanceof ASTNode node && node.getLineNumber() < 1;
    }

    /** Returns the method for an operator that the compiler finds none for; reports it if there will be none either. */
    private MethodNode operator(BinaryExpression operation, String name, ClassNode receiver, ClassNode[] types) {
        if (isOpen(receiver) || Arrays.stream(types).anyMatch(KeywordChecking::isOpen)) {
            Optional<MethodNode> late = LateOperators.of(operation, name, types.length, this::storeType);
            if (late.isPresent()) {
                return late.get();
            }
        }
        if (!isUnknown(operation.getLeftExpression()) && !isUnknown(operation.getRightExpression())) {
            List<String> kinds = new ArrayList<>(List.of(kind(receiver)));
            kinds.addAll(kinds(types));
            report(Wording.operator(name, kinds), operation);
        }
        return newMethod(name, ClassHelper.OBJECT_TYPE);
    }

    private void option(MethodNode target, MapEntryExpression entry) {
        if (entry.getKeyExpression() instanceof ConstantExpression name) {
            Wording.option(classOf(target.getDeclaringClass()), target.getName(), name.getText())
                    .ifPresent(text -> report(text, name));
        }
    }

    /**
     * Returns the class of the innermost block around what is being checked, or that of the script outside of all
     * blocks. A closure is checked after its method was chosen, so the calls around it know whose words are valid in
     * it.
     */
    private ClassNode block() {
        for (Expression call : context.getEnclosingMethodCalls()) {
            MethodNode target = call.getNodeMetaData(StaticTypesMarker.DIRECT_METHOD_CALL_TARGET);
            if (target != null) {
                for (Parameter parameter : target.getParameters()) {
                    for (AnnotationNode annotation : parameter.getAnnotations(DELEGATES_TO)) {
                        if (annotation.getMember("type") instanceof ConstantExpression name
                                && Keywords.SCRIPT.equals(name.getValue())) {
                            return ClassHelper.make(Keywords.script());
                        } else if (annotation.getMember("value") instanceof ClassExpression delegate) {
                            return delegate.getType();
                        }
                    }
                }
            }
        }
        return context.getEnclosingClassNode();
    }

    /**
     * Reports a mistake; of several at one place the compiler shows the first. Not by way of addStaticTypeError, which
     * takes some different places for the same: line 16, column 5 and line 1, column 9.
     */
    private void report(String text, ASTNode at) {
        SourceUnit source = context.getSource();
        context.getErrorCollector().addErrorAndContinue(new SyntaxErrorMessage(new SyntaxException(text, at), source));
    }

    /** Returns whether a mistake in the expression has been reported, so that what follows from it need not be. */
    private static boolean isUnknown(ASTNode expression) {
        return expression != null && expression.getNodeMetaData(StaticTypesMarker.DYNAMIC_RESOLUTION) != null;
    }

    /** Returns whether only the run of the script can tell what a value is. */
    static boolean isOpen(ClassNode type) {
        boolean isMixed = type instanceof LowestUpperBoundClassNode;
        return type != null
                && !type.getName().equals(TYPE_OF_NULL)
                && (ClassHelper.isObjectType(type) || isMixed && classOf(type) == Object.class);
    }

    /** Returns whether a value is a list of what only the run can tell: a list has what its elements have. */
    private static boolean isOpenList(ClassNode type) {
        GenericsType[] elements = type.getGenericsTypes();
        return type.implementsInterface(ClassHelper.COLLECTION_TYPE)
                && (elements == null || elements.length == 1 && isOpen(elements[0].getType()));
    }

    private static boolean isImplicit(MethodCall call) {
        return call instanceof MethodCallExpression expression && expression.isImplicitThis();
    }

    /** Returns the class whose static method is called, or the receiver's own. */
    private static ClassNode owner(ClassNode receiver) {
        boolean isStatic = receiver.equals(ClassHelper.CLASS_Type) && receiver.getGenericsTypes() != null;
        return isStatic ? receiver.getGenericsTypes()[0].getType() : receiver;
    }

    /** Returns the names of named arguments. */
    private static List<String> options(ArgumentListExpression list) {
        return list.getExpressions().stream()
                .filter(MapExpression.class::isInstance)
                .flatMap(map -> ((MapExpression) map).getMapEntryExpressions().stream())
                .map(MapEntryExpression::getKeyExpression)
                .filter(ConstantExpression.class::isInstance)
                .map(Expression::getText)
                .toList();
    }

    private static List<String> kinds(ClassNode[] types) {
        List<String> kinds = new ArrayList<>();
        for (ClassNode type : types) {
            kinds.add(kind(type));
        }
        return kinds;
    }

    private static String kind(ClassNode type) {
        return type == null || type.getName().equals(TYPE_OF_NULL) ? Kinds.NULL : Kinds.of(classOf(type));
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
