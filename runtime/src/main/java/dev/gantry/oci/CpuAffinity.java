package dev.gantry.oci;

/**
 * Binds a process that {@code exec} adds to CPUs, given as lists such as {@code 0-2,7}.
 *
 * @param initial before it joins the container's cgroup; null leaves it as it is
 * @param finalCpus after that; {@code final} in the document, which is no name in Java; null means all of the cgroup
 */
public record CpuAffinity(String initial, String finalCpus) {}
