/**
 * The entry of the command line: finds the command, runs it, and ends the process with its status. Start reading at
 * {@link dev.gantry.cli.Main}.
 *
 * <p>Nothing about single commands lives here, and no command knows this package: they live in {@code cli.oci} and
 * {@code cli.script}, and what they all need is in {@code cli.command}. Only this package names the standard streams
 * and ends the process. It may know all packages of this module, but loads the language of scripts and JLine by way
 * of {@code cli.script} only.
 */
package dev.gantry.cli;
