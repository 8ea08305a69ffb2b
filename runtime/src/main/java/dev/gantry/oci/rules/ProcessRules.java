package dev.gantry.oci.rules;

import dev.gantry.error.Shown;
import dev.gantry.oci.Capabilities;
import dev.gantry.oci.Capability;
import dev.gantry.oci.ConsoleSize;
import dev.gantry.oci.NumberList;
import dev.gantry.oci.Process;
import dev.gantry.oci.Rlimit;
import dev.gantry.oci.RlimitType;
import dev.gantry.oci.Scheduler;
import dev.gantry.oci.SchedulerPolicy;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Judges {@code process}. */
final class ProcessRules {
    private static final int MAX_CONSOLE = 65535; // struct winsize has 16 bits for each
    private static final int MAX_LISTED = 10;

    private ProcessRules() {}

    static void check(Process process, Place place) {
        if (process.consoleSize() != null) {
            consoleSize(process.consoleSize(), place.member("consoleSize"));
        }
        if (process.args().isEmpty()) {
            place.member("args").error("args must not be empty");
        }
        env(process.env(), place);
        if (place.requires("cwd", process.cwd()) && !process.cwd().startsWith("/")) {
            place.member("cwd").error("Cwd must be an absolute path");
        }
        if (process.capabilities() != null) {
            Long uid = process.user() == null ? null : process.user().uid();
            capabilities(process.capabilities(), uid == null || uid == 0, place.member("capabilities"));
        }
        rlimits(process.rlimits(), place);
        place.range("oomScoreAdj", process.oomScoreAdj(), -1000, 1000);
        if (process.scheduler() != null) {
            scheduler(process.scheduler(), place.member("scheduler"));
        }
        if (process.ioPriority() != null) {
            Place at = place.member("ioPriority");
            at.requires("class", process.ioPriority().ioClass());
            at.range("priority", process.ioPriority().priority(), 0, 7);
        }
        if (process.execCPUAffinity() != null) {
            Place at = place.member("execCPUAffinity");
            numbers(process.execCPUAffinity().initial(), at.member("initial"));
            numbers(process.execCPUAffinity().finalCpus(), at.member("final"));
        }
    }

    /** Judges {@code env} of a process or a hook. The text of an entry is not shown: it may be a secret. */
    static void env(List<String> env, Place place) {
        for (int i = 0; i < env.size(); i++) {
            if (env.get(i).indexOf('=') < 1) {
                place.item("env", i).error("`env[%d]` must have the form NAME=value".formatted(i));
            }
        }
    }

    private static void consoleSize(ConsoleSize size, Place place) {
        place.requires("height", size.height());
        place.range("height", size.height(), 0, MAX_CONSOLE);
        place.requires("width", size.width());
        place.range("width", size.width(), 0, MAX_CONSOLE);
    }

    /** One line for what is unknown in all sets, one for what is lost of the ambient one. */
    private static void capabilities(Capabilities capabilities, boolean root, Place place) {
        Set<String> unknown = new LinkedHashSet<>();
        Set<Capability> bounding = known(capabilities.bounding(), unknown);
        known(capabilities.effective(), unknown);
        Set<Capability> raised = known(capabilities.inheritable(), unknown);
        raised.retainAll(known(capabilities.permitted(), unknown));
        if (root) { // gets whatever is in the bounding set when it executes its program, capabilities(7)
            raised.addAll(bounding);
        }
        Set<Capability> lost = known(capabilities.ambient(), unknown);
        lost.removeAll(raised);
        if (!unknown.isEmpty()) {
            boolean isSingle = unknown.size() == 1;
            place.warning("unknown %s %s %s ignored"
                    .formatted(isSingle ? "capability" : "capabilities", listed(unknown), isSingle ? "is" : "are"));
        }
        if (!lost.isEmpty()) {
            boolean isSingle = lost.size() == 1;
            place.member("ambient")
                    .warning("can't raise ambient %s %s: %s not both permitted and inheritable"
                            .formatted(
                                    isSingle ? "capability" : "capabilities",
                                    lost.stream().map(Capability::ociName).collect(Collectors.joining(", ")),
                                    isSingle ? "it is" : "they are"));
        }
    }

    private static Set<Capability> known(List<String> names, Set<String> unknown) {
        Set<Capability> known = EnumSet.noneOf(Capability.class);
        for (String name : names) {
            Capability.of(name).ifPresentOrElse(known::add, () -> unknown.add(Shown.shortened(name)));
        }
        return known;
    }

    private static String listed(Set<String> names) {
        String first =
                names.stream().limit(MAX_LISTED).map(name -> "`" + name + "`").collect(Collectors.joining(", "));
        return names.size() <= MAX_LISTED ? first : "%s and %d more".formatted(first, names.size() - MAX_LISTED);
    }

    private static void rlimits(List<Rlimit> rlimits, Place place) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < rlimits.size(); i++) {
            Rlimit rlimit = rlimits.get(i);
            Place at = place.item("rlimits", i);
            if (at.requires("type", rlimit.type())) {
                String type = Shown.shortened(rlimit.type());
                if (RlimitType.of(rlimit.type()).isEmpty()) {
                    at.member("type").error("unknown resource limit `%s`".formatted(type));
                }
                if (!seen.add(rlimit.type())) {
                    at.member("type").error("`%s` is listed twice".formatted(type));
                }
            }
            boolean complete = at.requires("hard", rlimit.hard()) & at.requires("soft", rlimit.soft());
            if (complete && Long.compareUnsigned(rlimit.soft(), rlimit.hard()) > 0) {
                at.error("soft limit `%s` is above the hard limit `%s`"
                        .formatted(Long.toUnsignedString(rlimit.soft()), Long.toUnsignedString(rlimit.hard())));
            }
        }
    }

    private static void scheduler(Scheduler scheduler, Place place) {
        place.range("nice", scheduler.nice(), -20, 19);
        if (!place.requires("policy", scheduler.policy())) {
            return;
        }
        SchedulerPolicy policy = scheduler.policy();
        if (isSet(scheduler.priority()) && policy != SchedulerPolicy.FIFO && policy != SchedulerPolicy.RR) {
            place.member("priority").error("`priority` is only for `SCHED_FIFO` and `SCHED_RR`");
        }
        if (policy != SchedulerPolicy.DEADLINE) {
            onlyForDeadline("runtime", scheduler.runtime(), place);
            onlyForDeadline("deadline", scheduler.deadline(), place);
            onlyForDeadline("period", scheduler.period(), place);
        }
    }

    private static void onlyForDeadline(String name, Long value, Place place) {
        if (isSet(value)) {
            place.member(name).error("`%s` is only for `SCHED_DEADLINE`".formatted(name));
        }
    }

    /** Zero means not set in these: callers written in Go may write it for what they left alone. */
    private static boolean isSet(Number value) {
        return value != null && value.longValue() != 0;
    }

    /** Judges a list of CPUs or memory nodes. */
    static void numbers(String list, Place place) {
        if (list != null && !NumberList.isOne(list)) {
            place.error("`%s` is not a list of numbers".formatted(Shown.shortened(list)), "such as `0-2,7`");
        }
    }
}
