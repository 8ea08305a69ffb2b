package dev.gantry.oci;

/**
 * Limits memory; sizes in bytes, -1 for no limit.
 *
 * @param reservation soft limit
 * @param swap memory and swap together
 * @param kernel cgroup v1 only, and no longer in recent kernels
 * @param kernelTCP cgroup v1 only
 * @param swappiness 0 to 100, cgroup v1 only
 * @param disableOOMKiller cgroup v1 only
 * @param useHierarchy cgroup v1 only
 * @param checkBeforeUpdate refuse an update below what is in use
 */
public record Memory(
        Long limit,
        Long reservation,
        Long swap,
        Long kernel,
        Long kernelTCP,
        Long swappiness,
        Boolean disableOOMKiller,
        Boolean useHierarchy,
        Boolean checkBeforeUpdate) {}
