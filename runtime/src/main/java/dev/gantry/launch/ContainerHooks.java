package dev.gantry.launch;

import dev.gantry.kernel.Fd;
import dev.gantry.oci.Hook;
import dev.gantry.oci.HookPoint;
import dev.gantry.oci.State;
import dev.gantry.plan.Origin;
import dev.gantry.proc.ProcessTable;
import dev.gantry.value.Definition;
import dev.gantry.value.HookCallback;
import dev.gantry.value.HookFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The hooks of one container that the runtime runs itself: those on the host, and callbacks. Thread-safe. */
final class ContainerHooks {
    private final HookRunner runner;
    private final Definition definition;
    private final State state;
    private volatile boolean begun;

    /**
     * Collects them.
     *
     * @param state what the hooks receive, except for its status and pid
     */
    ContainerHooks(HookRunner runner, Definition definition, State state) {
        this.runner = runner;
        this.definition = definition;
        this.state = state;
    }

    /**
     * Runs one hook on the host. Blocks.
     *
     * @param pid of the container's first process
     * @throws HookFailure if it fails
     */
    void run(String operation, HookPoint point, int index, Hook hook, int pid) {
        Optional<String> failure = runner.run(hook, at(point, pid));
        if (failure.isPresent()) {
            throw HookFailures.of(operation, point, index, failure.get(), origin(point, index), null);
        }
    }

    /**
     * Calls the callbacks of a point. Blocks.
     *
     * @throws HookFailure if one throws
     */
    void call(String operation, HookPoint point, int pid) {
        List<HookCallback> callbacks = definition.callbacks(point);
        int before = point.of(definition.config()).size();
        for (int i = 0; i < callbacks.size(); i++) {
            try {
                callbacks.get(i).at(at(point, pid));
            } catch (Exception | AssertionError | StackOverflowError e) { // a script's language throws anything
                String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
                throw HookFailures.of(operation, point, before + i, why, origin(point, before + i), e);
            }
        }
    }

    /**
     * Runs all hooks of a point, then its callbacks. Blocks.
     *
     * @throws HookFailure at the first that fails; the others are not run
     */
    void runAll(String operation, HookPoint point, int pid) {
        List<Hook> hooks = point.of(definition.config());
        for (int i = 0; i < hooks.size(); i++) {
            run(operation, point, i, hooks.get(i), pid);
        }
        call(operation, point, pid);
    }

    /** Runs all poststop hooks and callbacks, whatever the others do; returns the failures. Blocks. */
    List<HookFailure> runPoststop(String operation) {
        List<HookFailure> failures = new ArrayList<>();
        List<Hook> hooks = HookPoint.POSTSTOP.of(definition.config());
        for (int i = 0; i < hooks.size(); i++) {
            try {
                run(operation, HookPoint.POSTSTOP, i, hooks.get(i), 0);
            } catch (HookFailure e) {
                failures.add(e);
            }
        }
        try {
            call(operation, HookPoint.POSTSTOP, 0);
        } catch (HookFailure e) {
            failures.add(e);
        }
        return failures;
    }

    /** Returns whether any hook was run, or was about to be. */
    boolean haveBegun() {
        return begun;
    }

    /** Returns the state for hooks that the container's own init runs; the receiver closes it. */
    Fd document(HookPoint point, int pid) {
        boolean inside = point == HookPoint.START_CONTAINER;
        OptionalInt told = inside ? ProcessTable.pidInside(pid) : OptionalInt.of(pid);
        return runner.document(at(point, told.orElse(pid)));
    }

    private State at(HookPoint point, int pid) {
        begun = true;
        return state.with(point.status(), pid);
    }

    private Origin origin(HookPoint point, int index) {
        String path = "hooks.%s[%d]".formatted(point.ociName(), index);
        return new Origin(path, definition.sources().find(path));
    }
}
