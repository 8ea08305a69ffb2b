package dev.gantry.cli;

import dev.gantry.kernel.Signal;
import java.lang.reflect.Proxy;

/**
 * Handlers for signals to this process.
 *
 * <p>{@code sun.misc.Signal} is the only way to them that Java has; it is used by reflection because the compiler warns
 * of every mention of it. Signals that the Java machine keeps for itself (QUIT, without {@code -Xrs}) are left to it.
 */
final class HostSignals {
    private HostSignals() {}

    /** Runs {@code action} on a thread of its own whenever the signal comes. */
    static void handle(Signal signal, Runnable action) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object handler = Proxy.newProxyInstance(
                    handlerType.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, args) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    });
            Object number = signalType.getConstructor(String.class).newInstance(signal.name());
            signalType.getMethod("handle", signalType, handlerType).invoke(null, number, handler);
        } catch (java.lang.reflect.InvocationTargetException e) {
            return; // "Signal already used by VM or OS": it keeps its meaning
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("sun.misc.Signal is not as it was", e);
        }
    }
}
