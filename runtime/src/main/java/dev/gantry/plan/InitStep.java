package dev.gantry.plan;

import dev.gantry.wire.Orders;

/** A step that {@code gantry-init} performs, in the process that becomes the container's. */
public sealed interface InitStep extends Step permits ProcessStep, MountStep {
    /** Appends the orders for this step. */
    void order(Orders orders);
}
