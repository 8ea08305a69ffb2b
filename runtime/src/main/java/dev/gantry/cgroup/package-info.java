/**
 * Control groups as directories: finding the host's hierarchies, making, watching and removing a container's own.
 *
 * <p>Which values go into which files is planned in {@code dev.gantry.plan}; here they are written. Start reading at
 * {@link dev.gantry.cgroup.Cgroup}.
 */
package dev.gantry.cgroup;
