package dev.gantry.oci.rules;

import dev.gantry.error.Problems;
import dev.gantry.error.Shown;
import dev.gantry.oci.Hook;
import dev.gantry.oci.HookPoint;
import dev.gantry.oci.Mount;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.OciDefaults;
import dev.gantry.oci.Process;
import dev.gantry.oci.Resources;
import dev.gantry.oci.SchedulerPolicy;
import java.util.List;
import java.util.Map;

/**
 * Finds what is wrong or doubtful in a configuration as far as it shows without a kernel and without files. Asks
 * neither whether paths exist nor whether the host can do what is asked for.
 */
public final class OciValidator {
    private OciValidator() {}

    /** Judges a whole configuration. */
    public static Problems validate(OciConfig config) {
        Problems problems = new Problems();
        Place top = Place.document(problems);
        version(top, config.ociVersion());
        if (config.process() != null) {
            ProcessRules.check(config.process(), top.member("process"));
        }
        if (top.requires("root", config.root())) {
            top.member("root").requires("path", config.root().path());
        }
        mounts(top, config.mounts());
        if (config.hooks() != null) {
            hooks(top.member("hooks"), config);
        }
        annotations(top, config.annotations());
        NamespaceRules.check(config, top);
        if (config.linux() != null) {
            LinuxRules.check(config.linux(), top.member("linux"));
            SysctlRules.check(config.linux(), problems);
            deadlineOnChosenCpus(config, top);
        }
        if (config.vm() != null) {
            VmRules.check(config.vm(), top.member("vm"));
        }
        return problems;
    }

    /** Judges a process on its own, as {@code exec} gets one; the paths begin with {@code process}. */
    public static Problems validate(Process process) {
        Problems problems = new Problems();
        ProcessRules.check(process, Place.document(problems).member("process"));
        return problems;
    }

    /** Judges resources on their own, as {@code update} gets them; the paths begin with {@code linux.resources}. */
    public static Problems validate(Resources resources) {
        Problems problems = new Problems();
        ResourceRules.check(resources, Place.document(problems).member("linux.resources"));
        return problems;
    }

    private static void version(Place top, String version) {
        if (top.requires("ociVersion", version) && !version.startsWith("1.")) {
            top.member("ociVersion")
                    .error(
                            "version `%s` of the specification is not supported".formatted(Shown.shortened(version)),
                            "Gantry speaks 1.x, up to " + OciDefaults.OCI_VERSION);
        }
    }

    private static void mounts(Place top, List<Mount> mounts) {
        for (int i = 0; i < mounts.size(); i++) {
            Mount mount = mounts.get(i);
            Place place = top.item("mounts", i);
            if (place.requires("destination", mount.destination())
                    && !mount.destination().startsWith("/")) {
                place.member("destination")
                        .warning("relative destination `%s` counts from `/`"
                                .formatted(Shown.shortened(mount.destination())));
            }
            if (mount.uidMappings().isEmpty() != mount.gidMappings().isEmpty()) {
                place.error("an idmapped mount needs both `uidMappings` and `gidMappings`");
            }
            IdMappingRules.check(mount.uidMappings(), place, "uidMappings");
            IdMappingRules.check(mount.gidMappings(), place, "gidMappings");
        }
    }

    private static void hooks(Place place, OciConfig config) {
        for (HookPoint point : HookPoint.values()) {
            hooks(place, point.ociName(), point.of(config));
        }
    }

    private static void hooks(Place place, String name, List<Hook> hooks) {
        for (int i = 0; i < hooks.size(); i++) {
            Hook hook = hooks.get(i);
            Place at = place.item(name, i);
            at.requiresAbsolutePath("path", hook.path());
            ProcessRules.env(hook.env() == null ? List.of() : hook.env(), at);
            at.range("timeout", hook.timeout(), 1, Integer.MAX_VALUE);
        }
    }

    private static void annotations(Place top, Map<String, String> annotations) {
        if (annotations.containsKey("")) {
            top.member("annotations").error("an annotation has no name");
        }
    }

    /** Linux wants a deadline task to be free to run on all CPUs: Documentation/scheduler/sched-deadline.rst, 5. */
    private static void deadlineOnChosenCpus(OciConfig config, Place top) {
        Process process = config.process();
        Resources resources = config.linux().resources();
        if (process == null || process.scheduler() == null || resources == null || resources.cpu() == null) {
            return;
        }
        if (process.scheduler().policy() == SchedulerPolicy.DEADLINE
                && resources.cpu().cpus() != null) {
            top.member("process.scheduler").error("process scheduler can't be used together with AllowedCPUs");
        }
    }
}
