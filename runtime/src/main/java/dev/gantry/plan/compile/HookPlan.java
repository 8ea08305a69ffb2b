package dev.gantry.plan.compile;

import static dev.gantry.oci.HookPoint.CREATE_CONTAINER;
import static dev.gantry.oci.HookPoint.CREATE_RUNTIME;
import static dev.gantry.oci.HookPoint.PRESTART;
import static dev.gantry.oci.HookPoint.START_CONTAINER;

import dev.gantry.oci.Hook;
import dev.gantry.oci.HookPoint;
import dev.gantry.oci.OciConfig;
import dev.gantry.plan.HookStep;
import dev.gantry.plan.LaunchOptions;
import dev.gantry.plan.RuntimeStep;
import java.util.List;

/** Plans the hooks that run before the program does; poststart and poststop come after all of a plan. */
final class HookPlan {
    private final OciConfig config;
    private final LaunchOptions options;

    HookPlan(OciConfig config, LaunchOptions options) {
        this.config = config;
        this.options = options;
    }

    /**
     * When the namespaces and all mounts are there, and the old root still is, of which the home would be looked up.
     */
    void beforePivot(Steps steps, List<String> programEnv) {
        onHost(steps, PRESTART);
        onHost(steps, CREATE_RUNTIME);
        giveState(steps, CREATE_CONTAINER);
        List<Hook> hooks = CREATE_CONTAINER.of(config);
        for (int i = 0; i < hooks.size(); i++) {
            Hook hook = hooks.get(i);
            List<String> env = hook.env() == null ? programEnv : hook.env();
            steps.add(origin(CREATE_CONTAINER, i), new HookStep.RunInside(CREATE_CONTAINER, i, hook, env, false));
        }
    }

    /** While a seccomp filter cannot refuse to take it. */
    void beforeFilter(Steps steps) {
        giveState(steps, START_CONTAINER);
    }

    /** Right before the program, under its filter and as its user. */
    void beforeProgram(Steps steps, List<String> programEnv) {
        List<Hook> hooks = START_CONTAINER.of(config);
        for (int i = 0; i < hooks.size(); i++) {
            Hook hook = hooks.get(i);
            boolean inherits = hook.env() == null;
            steps.add(
                    origin(START_CONTAINER, i),
                    new HookStep.RunInside(START_CONTAINER, i, hook, inherits ? programEnv : hook.env(), inherits));
        }
    }

    private void onHost(Steps steps, HookPoint point) {
        List<Hook> hooks = point.of(config);
        for (int i = 0; i < hooks.size(); i++) {
            steps.add(origin(point, i), new RuntimeStep.RunHook(point, i, hooks.get(i)));
        }
        if (options.callbacks().contains(point)) {
            steps.add("hooks." + point.ociName(), new RuntimeStep.RunCallbacks(point));
        }
    }

    private void giveState(Steps steps, HookPoint point) {
        if (!point.of(config).isEmpty()) {
            steps.add(Steps.DEFAULT, new RuntimeStep.GiveState(point));
        }
    }

    private static String origin(HookPoint point, int index) {
        return "hooks." + point.ociName() + "[" + index + "]";
    }
}
