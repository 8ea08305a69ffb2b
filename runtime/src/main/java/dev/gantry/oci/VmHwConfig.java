package dev.gantry.oci;

import java.util.List;

/**
 * Describes the hardware of a virtual machine.
 *
 * @param deviceTree path on the host
 * @param memory bytes
 * @param dtdevs device tree nodes to pass through
 * @param irqs to pass through
 */
public record VmHwConfig(
        String deviceTree, Long vcpus, Long memory, List<String> dtdevs, List<VmIoMem> iomems, List<Long> irqs) {
    public VmHwConfig {
        dtdevs = Copies.list(dtdevs);
        iomems = Copies.list(iomems);
        irqs = Copies.list(irqs);
    }
}
