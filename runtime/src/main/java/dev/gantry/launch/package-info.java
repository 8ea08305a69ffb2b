/**
 * The verbs: how a container is made, started, added to, changed, signalled and deleted, one class each.
 *
 * <p>Each takes the {@link dev.gantry.launch.Handle} of the container, or the {@link dev.gantry.launch.Machinery} where
 * there is none yet, and is undone by the code that begins it. {@code Launcher} carries out a plan: {@code RuntimePart}
 * performs the runtime's steps, {@code Conversation} hears the init; what went wrong becomes one line in
 * {@code StepFailures} and {@code Hints}. Never knows the face, {@code dev.gantry.runtime}, which knows it: a verb that
 * needs another one calls it here.
 */
package dev.gantry.launch;
