package dev.gantry.oci;

import java.util.List;

/**
 * Names the kernel of a virtual machine.
 *
 * @param path on the host, absolute
 * @param initrd on the host, absolute; null for none
 */
public record VmKernel(String path, List<String> parameters, String initrd) {
    public VmKernel {
        parameters = Copies.list(parameters);
    }
}
