package dev.gantry.oci;

import java.util.List;

/**
 * Sets the NUMA policy of the container's first process, see {@code set_mempolicy(2)}.
 *
 * @param nodes a list such as {@code 0-3,7}
 */
public record MemoryPolicy(MemoryPolicyMode mode, String nodes, List<MemoryPolicyFlag> flags) {
    public MemoryPolicy {
        flags = Copies.list(flags);
    }
}
