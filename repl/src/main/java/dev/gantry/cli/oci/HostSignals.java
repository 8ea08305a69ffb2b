package dev.gantry.cli.oci;

import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.Signal;
import dev.gantry.kernel.jnr.LinuxKernel;
import dev.gantry.kernel.jnr.SignalPipe;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;

/**
 * Handlers for signals to this process.
 *
 * <p>{@code sun.misc.Signal} is the only way to them that Java has; it is used by reflection because the compiler warns
 * of every mention of it. QUIT, which the Java machine keeps for itself, comes by a {@link SignalPipe}.
 */
final class HostSignals {
    private HostSignals() {}

    /** Runs {@code action} on a thread of its own whenever the signal comes. */
    static void handle(Signal signal, Runnable action) {
        if (signal == Signal.QUIT) {
            handleQuit(action);
            return;
        }
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

    private static void handleQuit(Runnable action) {
        Kernel kernel = LinuxKernel.load();
        Fd quit = SignalPipe.open(kernel, Signal.QUIT);
        Thread listener = new Thread(
                () -> {
                    ByteBuffer one = ByteBuffer.allocateDirect(1);
                    while (kernel.read(quit, one.clear()) > 0) {
                        action.run();
                    }
                },
                "signal-QUIT");
        listener.setDaemon(true);
        listener.start();
    }
}
