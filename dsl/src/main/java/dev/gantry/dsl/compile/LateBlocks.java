package dev.gantry.dsl.compile;

import java.util.Optional;
import java.util.stream.IntStream;
import org.codehaus.groovy.ast.ClassHelper;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.MethodNode;
import org.codehaus.groovy.ast.Parameter;
import org.codehaus.groovy.transform.stc.StaticTypeCheckingSupport;

/** Words with a block whose other arguments only the run can tell: what is in the block can be checked all the same. */
final class LateBlocks {
    private LateBlocks() {}

    /** Returns the method that a call means, if its arguments fit but for those of which the type is not known. */
    static Optional<MethodNode> find(ClassNode receiver, String name, ClassNode[] types) {
        return receiver.getMethods(name).stream()
                .filter(method -> method.getParameters().length == types.length)
                .filter(method -> IntStream.range(0, types.length)
                        .allMatch(i -> fits(types[i], method.getParameters()[i].getType())))
                .map(method -> taking(method, types))
                .findFirst();
    }

    private static boolean fits(ClassNode type, ClassNode wanted) {
        return ClassHelper.CLOSURE_TYPE.equals(wanted) == ClassHelper.CLOSURE_TYPE.equals(type)
                && (KeywordChecking.isOpen(type) || StaticTypeCheckingSupport.isAssignableTo(type, wanted));
    }

    /** Returns the same method for arguments of such types. */
    private static MethodNode taking(MethodNode method, ClassNode[] types) {
        Parameter[] parameters = IntStream.range(0, types.length)
                .mapToObj(i -> parameter(method.getParameters()[i], types[i]))
                .toArray(Parameter[]::new);
        MethodNode same = new MethodNode(
                method.getName(),
                method.getModifiers(),
                method.getReturnType(),
                parameters,
                method.getExceptions(),
                null);
        same.setDeclaringClass(method.getDeclaringClass());
        return same;
    }

    private static Parameter parameter(Parameter wanted, ClassNode given) {
        ClassNode type = KeywordChecking.isOpen(given) ? ClassHelper.OBJECT_TYPE : wanted.getType();
        Parameter parameter = new Parameter(type, wanted.getName());
        parameter.addAnnotations(wanted.getAnnotations());
        return parameter;
    }
}
