package dev.gantry.oci;

import java.util.List;

/**
 * Marks and ranks network packets; cgroup v1 only.
 *
 * @param classID 0 to 2^32-1
 */
public record Network(Long classID, List<NetworkPriority> priorities) {
    public Network {
        priorities = Copies.list(priorities);
    }
}
