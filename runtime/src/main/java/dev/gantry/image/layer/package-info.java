/**
 * The files of one layer of an image: unpacked from a tar archive into a directory that overlayfs stacks on others.
 *
 * <p>An archive is written by anybody. So every path in it is walked name by name, by descriptors of directories, over
 * the layer and those below it together ({@code LayerTree}); a link is followed as the container would follow it, and
 * the kernel never follows one for this process. Start reading at {@link dev.gantry.image.layer.LayerUnpacker}. Knows
 * neither registries nor where layers are kept.
 */
package dev.gantry.image.layer;
