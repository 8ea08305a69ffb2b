/**
 * The prompt: a line editor with live containers. Start reading at {@link dev.gantry.repl.Repl}, which is the loop;
 * {@code dev.gantry.dsl.InteractiveScript} evaluates.
 *
 * <p>No command lives here, and none but those of {@code cli.script} load it. May know the language, the runtime, JLine
 * and {@code terminal}; never the command line, which opens it.
 */
package dev.gantry.repl;
