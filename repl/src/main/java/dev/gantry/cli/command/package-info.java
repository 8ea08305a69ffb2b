/**
 * What every command is made of: {@link dev.gantry.cli.command.Command} itself, how it was called
 * ({@link dev.gantry.cli.command.Invocation}), what it answers and what it logs.
 *
 * <p>No command lives here. Loaded by each of them, so it knows neither the language of scripts nor the prompt nor the
 * terminal, and none of the other packages of the command line.
 */
package dev.gantry.cli.command;
