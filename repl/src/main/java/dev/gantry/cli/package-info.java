/**
 * The command line: one class a command, and what they share. The only package that prints or exits.
 *
 * <p>The OCI commands load neither Groovy nor JLine, since engines start them many times for one container. Start
 * reading at {@link dev.gantry.cli.Main}.
 */
package dev.gantry.cli;
