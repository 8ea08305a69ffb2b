package dev.gantry.dsl.block;

import dev.gantry.dsl.word.Block;
import dev.gantry.dsl.word.Keyword;
import dev.gantry.error.Place;
import dev.gantry.oci.IdMapping;
import dev.gantry.oci.Mount;
import groovy.transform.NamedParam;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The block {@code mounts { }}: what is mounted besides the usual file systems. A mount at the place of a usual one
 * replaces it.
 */
@Block("mounts")
public final class MountsDsl extends DslSupport {
    private static final long MAX_MODE = 07777;

    private final Map<String, Mount> mounts = new LinkedHashMap<>(); // by destination
    private final Map<String, Place> places = new LinkedHashMap<>();

    MountsDsl(Recorder recorder, List<Mount> baseline) {
        super(recorder);
        baseline.forEach(mount -> mounts.put(mount.destination(), mount));
    }

    /** Mounts a file or directory of this machine; a relative path counts from the script's directory. */
    @Keyword(
            value = "Shows a file or directory of this machine.",
            example = "bind '.', to: '/src', readonly: true",
            byDefault = "writable, with the mounts below")
    public void bind(
            @NamedParam("to")
                    @NamedParam("readonly")
                    @NamedParam("recursive")
                    @NamedParam("options")
                    @NamedParam("uidMappings")
                    @NamedParam("gidMappings")
                    Map<String, ?> options,
            String source) {
        if (!takes("bind", source)) {
            return;
        }
        Options given = Options.of(this, "bind", options);
        boolean recursive = given.flag("recursive", true);
        List<String> flags = new ArrayList<>(List.of(recursive ? "rbind" : "bind"));
        if (given.flag("readonly", false)) {
            flags.add(recursive ? "rro" : "ro"); // or what is mounted below the source could be written
        }
        flags.addAll(given.texts("options"));
        add(
                given,
                "bind",
                "to",
                Mount.builder().type("bind").source(recorder().resolve(source)).options(flags));
    }

    /** Mounts an empty file system in memory. */
    @Keyword(
            value = "Mounts an empty file system in memory.",
            example = "tmpfs '/tmp', size: 64.MiB",
            byDefault = "`size` is half of the machine's memory")
    public void tmpfs(
            @NamedParam("size") @NamedParam("mode") @NamedParam("options") Map<String, ?> options, String path) {
        if (!takes("tmpfs", path)) {
            return;
        }
        Options given = Options.of(this, "tmpfs", options);
        List<String> flags = new ArrayList<>(List.of("nosuid", "nodev"));
        given.number("mode", 0, MAX_MODE).ifPresent(mode -> flags.add("mode=%04o".formatted(mode)));
        given.size("size").ifPresent(size -> flags.add("size=" + size.bytes()));
        flags.addAll(given.texts("options"));
        add("tmpfs", path, Mount.builder().type("tmpfs").source("tmpfs").options(flags));
    }

    /** Mounts an empty file system in memory that may grow to half of the machine's. */
    public void tmpfs(String path) {
        tmpfs(Map.of(), path);
    }

    /** Mounts a file system of any type. */
    @Keyword(
            value = "Mounts a file system of any type.",
            example = "mount type: 'overlay', source: 'overlay', to: '/data', options: ['lowerdir=/a:/b']")
    public void mount(
            @NamedParam("type")
                    @NamedParam("source")
                    @NamedParam("to")
                    @NamedParam("options")
                    @NamedParam("uidMappings")
                    @NamedParam("gidMappings")
                    Map<String, ?> options) {
        Options given = Options.of(this, "mount", options);
        if (!options.containsKey("type")) {
            wrong("mount", "mount", "needs `type:`");
        }
        String type = given.text("type").orElse("none");
        add(
                given,
                "mount",
                "to",
                Mount.builder()
                        .type(type)
                        .source(given.text("source").orElse(type))
                        .options(given.texts("options")));
    }

    private void add(Options given, String keyword, String option, Mount.Builder mount) {
        if (!given.isGiven(option)) {
            wrong(keyword, keyword, "needs `%s:`".formatted(option));
        }
        mount.uidMappings(mappings(given, "uidMappings")).gidMappings(mappings(given, "gidMappings"));
        given.text(option).ifPresent(path -> add(keyword, path, mount));
    }

    /** Reads id mappings of a mount: a list of maps with the specification's three names. */
    private List<IdMapping> mappings(Options given, String name) {
        List<IdMapping> mappings = new ArrayList<>();
        for (Map<?, ?> entry : given.maps(name)) {
            boolean whole = List.of("containerID", "hostID", "size").stream()
                    .allMatch(key -> entry.get(key) instanceof Integer || entry.get(key) instanceof Long);
            if (entry.size() == 3 && whole) {
                mappings.add(
                        new IdMapping(number(entry, "containerID"), number(entry, "hostID"), number(entry, "size")));
            } else {
                wrong("mount", name, "needs `containerID`, `hostID` and `size` in each of `%s:`".formatted(name));
            }
        }
        return mappings;
    }

    private static long number(Map<?, ?> entry, String key) {
        return ((Number) entry.get(key)).longValue();
    }

    private void add(String keyword, String path, Mount.Builder mount) {
        if (!path.startsWith("/")) {
            wrong(keyword, path, "needs an absolute path in the container, not `%s`".formatted(path));
            return;
        }
        Place before = places.putIfAbsent(path, recorder().here());
        if (before != null) {
            wrong(keyword, path, "mounts `%s` again, after line %d".formatted(path, before.line()));
            return;
        }
        mounts.put(path, mount.destination(path).build());
    }

    List<Mount> build() {
        List<Mount> built = List.copyOf(mounts.values());
        for (int i = 0; i < built.size(); i++) {
            Place place = places.get(built.get(i).destination());
            if (place != null) {
                recorder().place("mounts[%d]".formatted(i), place);
            }
        }
        return built;
    }
}
