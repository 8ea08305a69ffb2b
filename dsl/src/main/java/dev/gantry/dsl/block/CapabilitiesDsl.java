package dev.gantry.dsl.block;

import dev.gantry.dsl.source.Span;
import dev.gantry.dsl.word.Block;
import dev.gantry.dsl.word.Keyword;
import dev.gantry.dsl.word.Wording;
import dev.gantry.oci.Capabilities;
import dev.gantry.oci.Capability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The block {@code capabilities { }}: what is taken from the usual set of capabilities and what is added to it. */
@Block("capabilities")
public final class CapabilitiesDsl extends DslSupport {
    private static final String ALL = "ALL";
    private static final String PREFIX = "CAP_";

    private final Set<String> dropped = new LinkedHashSet<>();
    private final Set<String> added = new LinkedHashSet<>();
    private final Map<String, List<String>> sets = new LinkedHashMap<>();
    private final List<String> usual;

    /**
     * Creates the block.
     *
     * @param usual what a process has of which nothing is said
     */
    CapabilitiesDsl(Recorder recorder, List<String> usual) {
        super(recorder);
        this.usual = usual;
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

    /** Sets one set outright, after what drop and add have made of it; no names make it empty. */
    @Keyword(value = "Sets the bounding set outright.", example = "bounding 'KILL'")
    public void bounding(String... names) {
        set("bounding", names);
    }

    @Keyword(value = "Sets the effective set outright.", example = "effective 'KILL'")
    public void effective(String... names) {
        set("effective", names);
    }

    @Keyword(value = "Sets the inheritable set outright.", example = "inheritable 'KILL'")
    public void inheritable(String... names) {
        set("inheritable", names);
    }

    @Keyword(value = "Sets the permitted set outright.", example = "permitted 'KILL'")
    public void permitted(String... names) {
        set("permitted", names);
    }

    @Keyword(value = "Sets the ambient set outright.", example = "ambient 'KILL'")
    public void ambient(String... names) {
        set("ambient", names);
    }

    private void set(String keyword, String... names) {
        if (!takesOnce(keyword, (Object[]) names)) {
            return;
        }
        List<String> full = new ArrayList<>();
        for (String name : names) {
            String bare = ProcessDsl.bare(PREFIX, name);
            if (Capability.of(PREFIX + bare).isEmpty()) {
                wrong(keyword, name, "knows no capability `%s`%s".formatted(name, Wording.meant(bare, known())));
            } else {
                full.add(PREFIX + bare);
            }
        }
        sets.put(keyword, full);
        place("process.capabilities." + keyword);
    }

    private void take(String keyword, String[] names, Set<String> target, Set<String> opposite) {
        if (names.length == 0) {
            mistake(Span.of(keyword), Wording.call(getClass(), keyword, List.of()));
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
            boolean isUsual = usual.contains(capability.ociName());
            if (added.contains(capability.name()) || !isDropped && (isUsual || isAdded)) {
                granted.add(capability.ociName());
                if (isAdded && ambient) {
                    kept.add(capability.ociName());
                }
            }
        }
        return Capabilities.builder()
                .bounding(sets.getOrDefault("bounding", granted))
                .effective(sets.getOrDefault("effective", granted))
                .permitted(sets.getOrDefault("permitted", granted))
                .inheritable(sets.getOrDefault("inheritable", kept))
                .ambient(sets.getOrDefault("ambient", kept))
                .build();
    }
}
