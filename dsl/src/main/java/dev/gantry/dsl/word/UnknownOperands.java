package dev.gantry.dsl.word;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Optional;
import org.codehaus.groovy.runtime.InvokerHelper;
import org.codehaus.groovy.runtime.typehandling.DefaultTypeTransformation;

/**
 * Operators of values whose type only shows when the script runs. Checked scripts call these methods for an operator
 * that the compiler finds none for; each has the name that Groovy gives to its operator.
 */
public final class UnknownOperands {
    private UnknownOperands() {}

    /** Returns the method that stands for an operator; empty if there is no such operator. */
    public static Optional<Method> find(String name, int operands) {
        return Arrays.stream(UnknownOperands.class.getMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers())
                        && method.getName().equals(name)
                        && method.getParameterCount() == operands)
                .findFirst();
    }

    public static Object plus(Object left, Object right) {
        return call(left, "plus", right);
    }

    public static Object minus(Object left, Object right) {
        return call(left, "minus", right);
    }

    public static Object multiply(Object left, Object right) {
        return call(left, "multiply", right);
    }

    public static Object div(Object left, Object right) {
        return call(left, "div", right);
    }

    public static Object remainder(Object left, Object right) {
        return call(left, "remainder", right);
    }

    public static Object mod(Object left, Object right) {
        return call(left, "mod", right);
    }

    public static Object power(Object left, Object right) {
        return call(left, "power", right);
    }

    public static Object leftShift(Object left, Object right) {
        return call(left, "leftShift", right);
    }

    public static Object rightShift(Object left, Object right) {
        return call(left, "rightShift", right);
    }

    public static Object rightShiftUnsigned(Object left, Object right) {
        return call(left, "rightShiftUnsigned", right);
    }

    public static Object and(Object left, Object right) {
        return call(left, "and", right);
    }

    public static Object or(Object left, Object right) {
        return call(left, "or", right);
    }

    public static Object xor(Object left, Object right) {
        return call(left, "xor", right);
    }

    /** Lends a value to the compiler, which writes an index out only for types that have one. */
    public static Indexed indexed(Object value) {
        return new Indexed(value);
    }

    /**
     * A value whose elements are looked up when the script runs.
     *
     * @param value may be null
     */
    public record Indexed(Object value) {
        /** Returns an element. */
        public Object getAt(Object index) {
            return call(value, "getAt", index);
        }

        /** Sets an element. */
        public void putAt(Object index, Object element) {
            call(value, "putAt", index, element);
        }
    }

    public static int compareTo(Object left, Object right) {
        return DefaultTypeTransformation.compareTo(left, right);
    }

    private static Object call(Object value, String name, Object... others) {
        return InvokerHelper.invokeMethod(value, name, others);
    }
}
