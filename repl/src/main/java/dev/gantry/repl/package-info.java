/**
 * The prompt: live containers under one's fingers.
 *
 * <p>{@link dev.gantry.repl.Repl} is the loop, {@code dev.gantry.dsl.InteractiveScript} what evaluates. Nothing here is
 * loaded by the other commands. May depend on the language, the runtime and JLine.
 */
package dev.gantry.repl;
