package dev.gantry.launch;

import dev.gantry.io.ContainerProcess;
import dev.gantry.io.ExitWatcher;
import dev.gantry.io.Launched;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.init.InitBinary;
import dev.gantry.plan.Host;
import dev.gantry.store.StateStore;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * What operations on containers work with. The caller that makes it closes what is in it.
 *
 * @param program the init that is launched
 * @param host the facts about this machine, without what is at the top
 * @param watcher learns of the ends of processes
 * @param reaps whether a process that ends is reaped here even if nobody asks for its end
 * @param warn receives one line for each thing that went wrong and stopped nothing
 * @param failAt the index of the plan's step at which the launch of a container fails
 */
public record Machinery(
        Kernel kernel,
        InitBinary program,
        Host host,
        StateStore store,
        ExitWatcher watcher,
        Filtering filtering,
        boolean reaps,
        Consumer<String> warn,
        OptionalInt failAt) {
    /** Returns the handle of a process that was just launched. */
    ContainerProcess process(Launched launched) {
        return new ContainerProcess(kernel, launched, watcher, reaps);
    }

    Launcher launcher() {
        return new Launcher(kernel, program, filtering);
    }

    HookRunner hookRunner() {
        return new HookRunner(kernel, program);
    }

    /** Tells of something that went wrong and stopped nothing. */
    public void warn(String line) {
        warn.accept(line);
    }
}
