/**
 * The files of a running container, which its programs can change while they are looked at: the one place where Java
 * follows paths that a container has made.
 *
 * <p>Start reading at {@link dev.gantry.rootfs.ContainerRoot}, whose way in is {@code RootAccess}. A path is resolved
 * by descriptor beneath the container's root ({@code RootView}) and used as the container's own root could use it
 * ({@code FileRights}); a {@code java.nio.file.Path} here names a descriptor or a file of this machine, never one in
 * the container. Files of this machine alone belong in {@code dev.gantry.files}. Knows what is stored of a container,
 * and not how it is made or run.
 */
package dev.gantry.rootfs;
