package dev.gantry.plan;

import dev.gantry.oci.NamespaceType;
import java.util.Collection;
import java.util.stream.Collectors;

/** Sets of namespaces as bits and as words. */
final class Namespaces {
    private Namespaces() {}

    static long flags(Collection<NamespaceType> types) {
        return types.stream().mapToLong(type -> type.flag() & 0xffff_ffffL).reduce(0, (a, b) -> a | b);
    }

    static String words(Collection<NamespaceType> types) {
        return types.stream().map(NamespaceType::ociName).sorted().collect(Collectors.joining(", "));
    }
}
