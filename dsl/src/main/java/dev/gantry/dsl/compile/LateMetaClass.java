package dev.gantry.dsl.compile;

import groovy.lang.GroovySystem;
import groovy.lang.MetaClass;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.codehaus.groovy.reflection.ClassInfo;

/**
 * The metaclass of a closure, made when it is asked something. Thread-safe.
 *
 * <p>Groovy makes one for each class of closure as soon as there is an object of it, looking through all methods and
 * properties that a closure has: two thirds of the time that a script of many blocks takes. In a checked script the
 * compiler has chosen every method and nobody asks.
 */
final class LateMetaClass implements InvocationHandler {
    private final Class<?> type;
    private MetaClass made;

    private LateMetaClass(Class<?> type) {
        this.type = type;
    }

    /** Puts off the making of a class's metaclass; to be called before there is an object of it. */
    static void await(Class<?> type) {
        Object late = Proxy.newProxyInstance(
                LateMetaClass.class.getClassLoader(), new Class<?>[] {MetaClass.class}, new LateMetaClass(type));
        ClassInfo.getClassInfo(type).setStrongMetaClass((MetaClass) late);
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(made(), arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private synchronized MetaClass made() {
        if (made == null) {
            ClassInfo.getClassInfo(type).setStrongMetaClass(null); // later objects have Groovy's own
            made = GroovySystem.getMetaClassRegistry().getMetaClass(type);
        }
        return made;
    }
}
