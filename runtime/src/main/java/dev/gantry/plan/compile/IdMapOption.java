package dev.gantry.plan.compile;

import dev.gantry.error.Problems;
import dev.gantry.oci.IdMapping;
import dev.gantry.oci.Linux;
import dev.gantry.oci.Mount;
import dev.gantry.oci.OciConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the mappings that crun takes in a mount's options, and podman passes on:
 * {@code idmap=uids=0-1000-10#10-2000-1;gids=@0-0-10}. Of each range the first number is an id in the file system, the
 * second the id that it is shown as, the third how many there are. The second is one of the host, or, after {@code @},
 * one of the container. What is not said is as in the container.
 */
final class IdMapOption {
    private static final Pattern OPTION = Pattern.compile("(r?idmap)=(.*)");
    private static final Pattern RANGE = Pattern.compile("(@?)(\\d{1,10})-(\\d{1,10})-(\\d{1,10})");

    private final String origin;
    private final Problems problems = new Problems();

    private IdMapOption(String origin) {
        this.origin = origin;
    }

    /** Returns the config with mappings of mounts where it had options; reports what is wrong with them. */
    static OciConfig resolve(OciConfig config, Problems problems) {
        if (config.mounts().stream().allMatch(mount -> plain(mount.options()).equals(mount.options()))) {
            return config;
        }
        Linux linux = config.linux() == null ? Linux.builder().build() : config.linux();
        List<Mount> mounts = new ArrayList<>();
        for (int i = 0; i < config.mounts().size(); i++) {
            Mount mount = config.mounts().get(i);
            IdMapOption option = new IdMapOption("mounts[%d].options".formatted(i));
            Mount resolved = option.resolve(mount, linux);
            problems.addAll(option.problems);
            mounts.add(option.problems.isEmpty() ? resolved : without(mount));
        }
        return config.toBuilder().mounts(mounts).build();
    }

    private static List<String> plain(List<String> options) {
        return options.stream()
                .map(option -> OPTION.matcher(option).replaceFirst("$1"))
                .toList();
    }

    /** Returns it without such options, so that a mistake in them is reported once. */
    private static Mount without(Mount mount) {
        List<String> others = mount.options().stream()
                .filter(option -> !OPTION.matcher(option).matches())
                .toList();
        return mount.toBuilder().options(others).build();
    }

    private Mount resolve(Mount mount, Linux linux) {
        Mount.Builder resolved = mount.toBuilder().options(plain(mount.options()));
        boolean hasOwn = !mount.uidMappings().isEmpty() || !mount.gidMappings().isEmpty();
        for (String option : mount.options()) {
            Matcher matcher = OPTION.matcher(option);
            if (!hasOwn && matcher.matches() && !matcher.group(2).isEmpty()) {
                List<IdMapping> users = linux.uidMappings();
                List<IdMapping> groups = linux.gidMappings();
                for (String part : matcher.group(2).split(";", -1)) {
                    if (part.startsWith("uids=")) {
                        users = ranges(part, linux.uidMappings(), "uidMappings");
                    } else if (part.startsWith("gids=")) {
                        groups = ranges(part, linux.gidMappings(), "gidMappings");
                    } else {
                        problems.error(origin, "`idmap` takes `uids=` and `gids=`, not `%s`".formatted(part));
                    }
                }
                resolved.uidMappings(required(users, "uids")).gidMappings(required(groups, "gids"));
            }
        }
        return resolved.build();
    }

    private List<IdMapping> required(List<IdMapping> mappings, String name) {
        if (mappings.isEmpty() && problems.isEmpty()) {
            problems.error(
                    origin,
                    "`idmap` says no `%s=`, and the config has no mappings of the container's".formatted(name),
                    "say both");
        }
        return mappings;
    }

    private List<IdMapping> ranges(String part, List<IdMapping> container, String name) {
        List<IdMapping> mappings = new ArrayList<>();
        for (String text : part.substring("uids=".length()).split("#", -1)) {
            Matcher range = RANGE.matcher(text);
            if (!range.matches()) {
                problems.error(
                        origin, "`%s`: `%s` is no range of ids".formatted(part, text), "write `first-shown-count`");
                continue;
            }
            long first = Long.parseLong(range.group(2));
            long shown = Long.parseLong(range.group(3));
            long count = Long.parseLong(range.group(4));
            if (range.group(1).isEmpty()) {
                mappings.add(new IdMapping(first, shown, count));
            } else {
                relative(mappings, first, shown, count, container, "`%s`: `%s`".formatted(part, text), name);
            }
        }
        return mappings;
    }

    /** Returns whether it has all its numbers; if not, the validator reports that. */
    private static boolean isWhole(IdMapping map) {
        return map.containerID() != null && map.hostID() != null && map.size() != null;
    }

    /** A range that spans several of the container's own becomes as many. */
    private void relative(
            List<IdMapping> mappings,
            long first,
            long shown,
            long count,
            List<IdMapping> container,
            String what,
            String name) {
        long done = 0;
        while (done < count) {
            long id = shown + done;
            IdMapping own = container.stream()
                    .filter(IdMapOption::isWhole)
                    .filter(map -> map.containerID() <= id && id < map.containerID() + map.size())
                    .findFirst()
                    .orElse(null);
            if (own == null) {
                problems.error(
                        origin,
                        "%s: the container has no id %d by `linux.%s`".formatted(what, id, name),
                        "give ids of the host, without `@`");
                return;
            }
            long part = Math.min(count - done, own.containerID() + own.size() - id);
            mappings.add(new IdMapping(first + done, own.hostID() + id - own.containerID(), part));
            done += part;
        }
        if (count == 0) {
            mappings.add(new IdMapping(first, shown, count)); // to be reported as one without ids
        }
    }
}
