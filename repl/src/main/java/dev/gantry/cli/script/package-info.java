/**
 * The commands about scripts and the definitions in them, the prompt, and what it says of the machine. Start reading at
 * {@link dev.gantry.cli.script.ScriptCommands}.
 *
 * <p>May know the language, the prompt, {@code cli.command} and {@code terminal}; never the commands of
 * {@code cli.oci}: what both need moves to {@code cli.command}.
 */
package dev.gantry.cli.script;
