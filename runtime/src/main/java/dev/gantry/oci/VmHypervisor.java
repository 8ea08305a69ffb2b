package dev.gantry.oci;

import java.util.List;

/**
 * Names the program that runs a virtual machine.
 *
 * @param path on the host, absolute
 */
public record VmHypervisor(String path, List<String> parameters) {
    public VmHypervisor {
        parameters = Copies.list(parameters);
    }
}
