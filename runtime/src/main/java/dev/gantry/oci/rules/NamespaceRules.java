package dev.gantry.oci.rules;

import dev.gantry.oci.IdMapping;
import dev.gantry.oci.Linux;
import dev.gantry.oci.Namespace;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.TimeOffset;
import dev.gantry.oci.TimeOffsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Judges {@code linux.namespaces}, and the settings that make sense only in a namespace of the container's own. */
final class NamespaceRules {
    private NamespaceRules() {}

    static void check(OciConfig config, Place top) {
        Linux linux = config.linux() == null ? Linux.builder().build() : config.linux();
        Place place = top.member("linux");
        list(linux.namespaces(), place);
        needs(NamespaceType.UTS, linux, config.hostname() != null, top.member("hostname"));
        needs(NamespaceType.UTS, linux, config.domainname() != null, top.member("domainname"));
        needs(NamespaceType.NETWORK, linux, !linux.netDevices().isEmpty(), place.member("netDevices"));
        mappings(linux, linux.uidMappings(), place, "uidMappings");
        mappings(linux, linux.gidMappings(), place, "gidMappings");
        if (linux.timeOffsets() != null) {
            timeOffsets(linux, place.member("timeOffsets"));
        }
    }

    private static void list(List<Namespace> namespaces, Place place) {
        Set<NamespaceType> seen = EnumSet.noneOf(NamespaceType.class);
        for (int i = 0; i < namespaces.size(); i++) {
            Namespace namespace = namespaces.get(i);
            Place at = place.item("namespaces", i);
            if (at.requires("type", namespace.type()) && !seen.add(namespace.type())) {
                at.error("namespace `%s` is listed twice"
                        .formatted(namespace.type().ociName()));
            }
            if (namespace.path() != null) {
                at.member("path").absolutePath(namespace.path());
            }
        }
    }

    private static void needs(NamespaceType type, Linux linux, boolean wanted, Place place) {
        if (wanted && linux.namespace(type).isEmpty()) {
            place.error(
                    "`%s` needs a %s namespace".formatted(place.label(), type.ociName()),
                    "list `%s` in linux.namespaces".formatted(type.ociName()));
        }
    }

    private static void mappings(Linux linux, List<IdMapping> mappings, Place place, String name) {
        needs(NamespaceType.USER, linux, !mappings.isEmpty(), place.member(name));
        if (!mappings.isEmpty() && isJoined(linux, NamespaceType.USER)) {
            place.member(name)
                    .error("`%s` must be absent: the user namespace that is joined has its own".formatted(name));
        }
        IdMappingRules.check(mappings, place, name);
    }

    private static void timeOffsets(Linux linux, Place place) {
        TimeOffsets offsets = linux.timeOffsets();
        boolean wanted = offsets.boottime() != null || offsets.monotonic() != null;
        needs(NamespaceType.TIME, linux, wanted, place);
        if (wanted && isJoined(linux, NamespaceType.TIME)) {
            place.error("`timeOffsets` must be absent: the time namespace that is joined has its own");
        }
        nanoseconds(offsets.boottime(), place.member("boottime"));
        nanoseconds(offsets.monotonic(), place.member("monotonic"));
    }

    private static void nanoseconds(TimeOffset offset, Place place) {
        if (offset != null) {
            place.range("nanosecs", offset.nanosecs(), 0, 999_999_999);
        }
    }

    private static boolean isJoined(Linux linux, NamespaceType type) {
        Optional<Namespace> namespace = linux.namespace(type);
        return namespace.isPresent() && namespace.get().path() != null;
    }
}
