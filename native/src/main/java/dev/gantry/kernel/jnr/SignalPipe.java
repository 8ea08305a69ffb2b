package dev.gantry.kernel.jnr;

import com.kenai.jffi.Library;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FdPair;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.Signal;
import dev.gantry.kernel.init.Compiled;

/**
 * Tells of a signal that the Java machine keeps for itself, by a handler in C that replaces the machine's.
 *
 * <p>For one signal of a process, {@link Signal#QUIT}, whose handler in the Java machine prints what all threads do.
 */
public final class SignalPipe {
    private static Library library; // for ever: the handler is in it

    private SignalPipe() {}

    /** Returns where every later signal is a byte to be read; stays open as long as the process lives. */
    public static synchronized Fd open(Kernel kernel, Signal signal) {
        FdPair pipe = kernel.pipe();
        if (library == null) {
            try (Fd file = Compiled.load(kernel, "gantry-signals.so")) {
                library = Library.openLibrary("/proc/self/fd/" + file.number(), Library.NOW);
            }
            if (library == null) {
                throw new UnsatisfiedLinkError(Library.getLastError());
            }
        }
        LibC.Function tell = new LibC.Function("sigaction", library.getSymbolAddress("gantry_tell_signals"));
        LibC.call(tell, signal, signal.number(), pipe.second().number());
        return pipe.first();
    }
}
