/**
 * The commands about single containers: those of runc, by which engines call, and {@code sweep}. Start reading at
 * {@link dev.gantry.cli.oci.OciCommands}.
 *
 * <p>Engines start them several times for one container, so nothing here knows Groovy, the language of scripts, the
 * prompt or JLine: only {@code cli.command}, {@code terminal} and the runtime.
 */
package dev.gantry.cli.oci;
