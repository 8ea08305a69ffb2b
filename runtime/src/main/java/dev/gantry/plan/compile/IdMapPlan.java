package dev.gantry.plan.compile;

import dev.gantry.oci.IdMapping;
import dev.gantry.oci.Linux;
import dev.gantry.plan.Host;
import dev.gantry.plan.RuntimeStep;
import dev.gantry.plan.RuntimeStep.WriteIdMaps.Writer;
import java.util.List;
import java.util.Optional;

/**
 * Plans which ids of the host a new user namespace has, and by whom the maps are written: root writes what it likes,
 * anybody else a map of the own id only; other ids take the set-uid programs newuidmap(1) and newgidmap(1), which look
 * at {@code /etc/subuid} and {@code /etc/subgid}.
 */
final class IdMapPlan {
    private final List<IdMapping> uids;
    private final List<IdMapping> gids;
    private final Writer uidWriter;
    private final Writer gidWriter;
    private final boolean privileged;

    IdMapPlan(Linux linux, Host host) {
        this.uids = linux.uidMappings().isEmpty() ? host.ownUids() : linux.uidMappings();
        this.gids = linux.gidMappings().isEmpty() ? host.ownGids() : linux.gidMappings();
        this.privileged = host.isRoot();
        this.uidWriter = privileged || isOwnOnly(uids, host.uid()) ? Writer.SELF : Writer.HELPER;
        this.gidWriter = privileged || isOwnOnly(gids, host.gid()) ? Writer.SELF : Writer.HELPER;
    }

    void write(Steps steps) {
        steps.add("linux.uidMappings", new RuntimeStep.WriteIdMaps(uids, gids, uidWriter, gidWriter));
    }

    /** Without privileges the kernel takes a map of groups only from who has given up setgroups(2). */
    boolean setsGroups() {
        return privileged || gidWriter == Writer.HELPER;
    }

    /** Returns the user that can do what root can: root where it is mapped, else the first one that is. */
    long firstUser() {
        return first(uids);
    }

    /** Returns the group that goes with {@link #firstUser()}. */
    long firstGroup() {
        return first(gids);
    }

    /** Returns the same user on the host; who is root in the namespace if that one is not mapped. */
    long hostUser(Long user) {
        return host(uids, user, firstUser());
    }

    /** Returns the same group on the host; root's in the namespace if that one is not mapped. */
    long hostGroup(Long group) {
        return host(gids, group, firstGroup());
    }

    /** An empty map stands for all ids of the host, one to one. */
    private static long host(List<IdMapping> map, Long wanted, long otherwise) {
        long id = wanted == null ? 0 : wanted;
        return map.isEmpty() ? id : host(map, id).or(() -> host(map, otherwise)).orElse(otherwise);
    }

    private static Optional<Long> host(List<IdMapping> map, long id) {
        return map.stream()
                .filter(range -> id >= range.containerID() && id < range.containerID() + range.size())
                .map(range -> range.hostID() + id - range.containerID())
                .findFirst();
    }

    private static long first(List<IdMapping> map) {
        Optional<Long> least = map.stream().map(IdMapping::containerID).min(Long::compare);
        return least.orElse(0L);
    }

    private static boolean isOwnOnly(List<IdMapping> map, long own) {
        return map.isEmpty()
                || map.size() == 1 && map.get(0).size() == 1 && map.get(0).hostID() == own;
    }
}
