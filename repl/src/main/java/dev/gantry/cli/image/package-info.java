/**
 * The commands about images: {@code images}, {@code load}, {@code rmi}, {@code prune} and {@code unpack}. They know
 * neither containers nor scripts.
 */
package dev.gantry.cli.image;
