package dev.gantry.plan;

import dev.gantry.oci.Capabilities;
import dev.gantry.oci.Capability;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The five capability sets of a process, as this version of Gantry knows capabilities. */
public record CapabilitySets(
        Set<Capability> bounding,
        Set<Capability> effective,
        Set<Capability> permitted,
        Set<Capability> inheritable,
        Set<Capability> ambient) {

    /** Returns the sets of a config; all empty if it has none. */
    public static CapabilitySets of(Capabilities wanted) {
        if (wanted == null) {
            return new CapabilitySets(Set.of(), Set.of(), Set.of(), Set.of(), Set.of());
        }
        Set<Capability> permitted = known(wanted.permitted());
        Set<Capability> inheritable = known(wanted.inheritable());
        Set<Capability> ambient = known(wanted.ambient());
        ambient.retainAll(permitted); // what cannot be raised was warned about by the validator
        ambient.retainAll(inheritable);
        return new CapabilitySets(known(wanted.bounding()), known(wanted.effective()), permitted, inheritable, ambient);
    }

    /** Returns the same, able to do one thing more: nothing changes if it is able to already. */
    public CapabilitySets with(Capability capability) {
        return new CapabilitySets(
                bounding, including(effective, capability), including(permitted, capability), inheritable, ambient);
    }

    private static Set<Capability> including(Set<Capability> set, Capability capability) {
        Set<Capability> more = EnumSet.of(capability);
        more.addAll(set);
        return more;
    }

    private static Set<Capability> known(List<String> names) {
        Set<Capability> set = EnumSet.noneOf(Capability.class);
        names.stream().map(Capability::of).flatMap(Optional::stream).forEach(set::add);
        return set;
    }
}
