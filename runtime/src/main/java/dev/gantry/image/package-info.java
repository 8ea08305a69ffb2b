/**
 * Images: read from layouts and archives, kept in a store that all processes of a user share, unpacked into layers, and
 * turned into what a container's config says.
 *
 * <p>Start reading at {@link dev.gantry.image.Images}. A source ({@code LayoutSource}, {@code ArchiveSource}) gives
 * contents by digest; {@code ImageStore} keeps each once, and nothing of a content is used before its digest was
 * compared. The files of a layer are made in {@code dev.gantry.image.layer}. Nothing here knows containers: a config
 * carries the paths of the layers in an annotation, and the store a note of who uses them. Loaded only by what has to
 * do with images.
 */
package dev.gantry.image;
