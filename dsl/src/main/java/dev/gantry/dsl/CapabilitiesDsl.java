package dev.gantry.dsl;

import dev.gantry.oci.Capabilities;
import dev.gantry.oci.Capability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The block {@code capabilities { }}: what is taken from the usual set of capabilities and what is added to it. */
public final class CapabilitiesDsl extends DslSupport {
    private static final String ALL = "ALL";
    private static final String PREFIX = "CAP_";

    private final Set<String> dropped = new LinkedHashSet<>();
    private final Set<String> added = new LinkedHashSet<>();

    CapabilitiesDsl(Recorder recorder) {
        super(recorder);
    }

    @Keyword(value = "Takes capabilities away, or 'ALL'; what is added stays.", example = "drop 'ALL'")
    public void drop(String... names) {
        take("drop", names, dropped, added);
    }

    /** Adds capabilities; a process that is not root keeps them too, which Docker's does not. */
    @Keyword(value = "Adds capabilities, or 'ALL', with or without CAP_.", example = "add 'NET_BIND_SERVICE'")
    public void add(String... names) {
        take("add", names, added, dropped);
    }

    private void take(String keyword, String[] names, Set<String> target, Set<String> opposite) {
        if (names.length == 0) {
            mistake(keyword, Wording.call(getClass(), keyword, List.of()));
        } else if (takes(keyword, (Object[]) names)) {
            for (String name : names) {
                String bare = ProcessDsl.bare(PREFIX, name);
                if (!isKnown(bare)) {
                    wrong(keyword, name, "knows no capability `%s`%s".formatted(name, Wording.meant(bare, known())));
                } else if (opposite.contains(bare)) {
                    wrong(keyword, name, "contradicts an earlier line: `%s` is both dropped and added".formatted(name));
                } else {
                    target.add(bare);
                }
            }
        }
    }

    private static boolean isKnown(String bare) {
        return bare.equals(ALL) || Capability.of(PREFIX + bare).isPresent();
    }

    private static Set<String> known() {
        Set<String> known = new TreeSet<>();
        Arrays.stream(Capability.values()).forEach(capability -> known.add(capability.name()));
        return known;
    }

    /**
     * Returns the sets of a process.
     *
     * @param ambient whether the added ones must outlive the change to a user other than root
     */
    Capabilities build(boolean ambient) {
        List<String> granted = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        for (Capability capability : Capability.values()) {
            boolean isAdded = added.contains(ALL) || added.contains(capability.name());
            boolean isDropped = dropped.contains(ALL) || dropped.contains(capability.name());
            boolean isUsual = Baseline.CAPABILITIES.contains(capability.ociName());
            if (added.contains(capability.name()) || !isDropped && (isUsual || isAdded)) {
                granted.add(capability.ociName());
                if (isAdded && ambient) {
                    kept.add(capability.ociName());
                }
            }
        }
        return Capabilities.builder()
                .bounding(granted)
                .effective(granted)
                .permitted(granted)
                .inheritable(kept)
                .ambient(kept)
                .build();
    }
}
