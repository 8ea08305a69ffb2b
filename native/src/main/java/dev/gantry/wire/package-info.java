/**
 * The language between the runtime and {@code gantry-init}: opcodes, layouts and the writer of plans, as pure bytes.
 *
 * <p>{@link dev.gantry.wire.Op} is the only source of opcodes and layouts. {@link dev.gantry.wire.HeaderWriter} turns
 * it into the C header {@code wire.h} at build time, so the two sides cannot drift apart;
 * {@link dev.gantry.wire.Orders} writes a plan. Depends on nothing. Start reading at {@code Op}.
 */
package dev.gantry.wire;
