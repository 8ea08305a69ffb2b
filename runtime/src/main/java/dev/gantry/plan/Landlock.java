package dev.gantry.plan;

import java.util.List;

/**
 * What the container's processes may do of what Landlock can tell apart, ready for the kernel: bits as in landlock(7).
 *
 * @param fs the rights on files that have to be given by a rule
 * @param net the rights on ports that have to be given by a rule
 * @param scoped what does not reach beyond processes that are restricted by the same rules
 */
public record Landlock(long fs, long net, long scoped, List<PathRule> paths, List<PortRule> ports) {
    /** Gives rights beneath a path of the container; those of a file may be fewer than those of a directory. */
    public record PathRule(String path, long ofDirectory, long ofFile) {}

    /** Gives rights on a TCP port. */
    public record PortRule(int port, long access) {}

    public Landlock {
        paths = List.copyOf(paths);
        ports = List.copyOf(ports);
    }

    /** Returns everything that is said, for people. */
    String describe() {
        StringBuilder text = new StringBuilder("restricts");
        if (fs != 0) {
            text.append(" ").append(LandlockRight.words(LandlockRight.Kind.FS, fs));
        }
        if (net != 0) {
            text.append(" ").append(LandlockRight.words(LandlockRight.Kind.NET, net));
        }
        if (scoped != 0) {
            text.append(" ").append(LandlockRight.words(LandlockRight.Kind.SCOPE, scoped));
        }
        for (PathRule rule : paths) {
            text.append("; `%s`: %s"
                    .formatted(
                            rule.path(),
                            LandlockRight.words(LandlockRight.Kind.FS, rule.ofDirectory() | rule.ofFile())));
        }
        for (PortRule rule : ports) {
            text.append(
                    "; port %d: %s".formatted(rule.port(), LandlockRight.words(LandlockRight.Kind.NET, rule.access())));
        }
        return text.toString();
    }
}
