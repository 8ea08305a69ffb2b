package dev.gantry.cli.script;

import dev.gantry.cli.command.Invocation;
import dev.gantry.runtime.Gantry;

/**
 * Opened when the first container is made: a script that makes none needs neither root nor native code. Thread-safe.
 */
final class LazyGantry implements AutoCloseable {
    private final Invocation in;
    private Gantry gantry;

    LazyGantry(Invocation in) {
        this.in = in;
    }

    synchronized Gantry get() {
        if (gantry == null) {
            gantry = in.open();
            for (String id : gantry.sweep()) {
                in.err().printf("gantry: warning: removed `%s`, which a killed script had left%n", id);
            }
        }
        return gantry;
    }

    @Override
    public synchronized void close() {
        if (gantry != null) {
            gantry.close();
        }
    }
}
