package dev.gantry.oci;

/**
 * Maps I/O memory of the host into a virtual machine.
 *
 * @param firstGFN first guest frame; null means as on the host
 * @param firstMFN first machine frame
 * @param nrMFNs how many frames
 */
public record VmIoMem(Long firstGFN, Long firstMFN, Long nrMFNs) {}
