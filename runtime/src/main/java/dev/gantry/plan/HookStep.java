package dev.gantry.plan;

import dev.gantry.oci.Hook;
import dev.gantry.oci.HookPoint;
import dev.gantry.wire.Op;
import dev.gantry.wire.Orders;
import java.util.List;

/** Steps that run hooks inside the container; those on the host are {@link RuntimeStep.RunHook}. */
public sealed interface HookStep extends InitStep {

    /**
     * Runs a hook in the container's namespaces to its end.
     *
     * @param env of the hook
     * @param inheritsHome whether the hook gets HOME as the program does, where {@code env} has none
     */
    record RunInside(HookPoint point, int index, Hook hook, List<String> env, boolean inheritsHome)
            implements HookStep {
        public RunInside {
            env = List.copyOf(env);
        }

        @Override
        public String describe() {
            return "run %s hook `%s`".formatted(point.ociName(), hook.path());
        }

        @Override
        public void order(Orders orders) {
            int timeout = hook.timeout() == null ? 0 : hook.timeout();
            boolean beforePivot = point == HookPoint.CREATE_CONTAINER;
            orders.add(Op.HOOK)
                    .set("path", hook.path())
                    .set("args", hook.args())
                    .set("env", env)
                    .set("inherit_env", false)
                    .set("timeout", timeout)
                    .set("in_root", beforePivot)
                    .set("add_home", inheritsHome);
        }
    }
}
