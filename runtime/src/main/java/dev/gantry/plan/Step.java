package dev.gantry.plan;

import dev.gantry.wire.Orders;

/** One thing that is done to make a container. A value: what it does is decided when it is made, nothing later. */
public sealed interface Step permits RuntimeStep, InitStep {
    /** Says what is done, as an imperative without a full stop: {@code mount `tmpfs` on `/dev/shm`}. */
    String describe();

    /** Returns what else is worth knowing about it, such as mount options; often empty. */
    default String details() {
        return "";
    }

    /** Appends the orders for the init: to do it, or to wait while the runtime does. */
    void order(Orders orders);
}
