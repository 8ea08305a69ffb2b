package dev.gantry.plan.compile;

import dev.gantry.error.Problems;
import dev.gantry.error.SourceMap;
import dev.gantry.oci.Linux;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.rules.OciValidator;
import dev.gantry.plan.Host;
import dev.gantry.plan.Landlock;
import dev.gantry.plan.LaunchOptions;
import dev.gantry.plan.LaunchPlan;
import java.util.List;
import java.util.Optional;

/**
 * Compiles a config into the plan of its launch: a pure function.
 *
 * <p>The order of steps is the contract between Gantry and the kernel; {@code ARCHITECTURE.md} says
 * why it is this one. Each part of it lives in a class of its own.
 */
public final class PlanCompiler {
    private PlanCompiler() {}

    /**
     * Compiles the plan of a container's first process.
     *
     * @throws dev.gantry.error.ConfigException with everything that is wrong with the config, or that this version of
     *     Gantry cannot do
     */
    public static LaunchPlan compile(OciConfig given, SourceMap sources, Host host, LaunchOptions options) {
        Problems problems = new Problems();
        OciConfig wanted = IdMapOption.resolve(given, problems);
        problems.addAll(OciValidator.validate(wanted));
        Rootless.warn(wanted, host, problems);
        ProcessPlan.warn(wanted, problems);
        OciConfig config = Destinations.inRoot(Rootless.adapt(wanted, host), options, problems);
        Unsupported.report(config, host, problems);
        MountRules.check(config, host, problems);
        Optional<Landlock> landlock = LandlockReader.read(config, host, problems);
        problems.throwIfAny();

        Steps steps = new Steps(sources);
        Linux linux = config.linux() == null ? Linux.builder().build() : config.linux();
        NamespacePlan namespaces = new NamespacePlan(config, host);
        CgroupPlan cgroups = new CgroupPlan(linux, host, options.id());
        RootPlan root = new RootPlan(config, options, namespaces, host, cgroups);
        HookPlan hooks = new HookPlan(config, options);
        ProcessPlan process = new ProcessPlan(config, landlock, options, namespaces);

        cgroups.prepare(steps);
        namespaces.hide(steps);
        process.takeStdio(steps);
        process.beforeNamespaces(steps);
        CgroupMembership.join(steps, cgroups.memberships(), namespaces);
        root.openSources(steps);
        namespaces.enter(steps, root::openFilesystems);
        process.afterClone(steps);
        namespaces.finish(steps);
        root.build(steps);
        hooks.beforePivot(steps, process.env());
        process.beLabelled(steps);
        root.enter(steps);
        process.adaptStdio(steps, true);
        root.finish(steps);
        process.becomeUser(steps);
        cgroups.finish(steps);
        process.runAsFirst(steps, hooks);
        return steps.plan(problems);
    }

    /** Returns the unit of systemd's that the container is in, if cgroups are made by systemd on this machine. */
    public static Optional<String> unit(OciConfig config, Host host, String id) {
        Linux linux = config.linux() == null ? Linux.builder().build() : config.linux();
        return new CgroupPlan(linux, host, id).unit();
    }

    /** Returns the directories of the container's cgroup, one a hierarchy, as the plan makes them. */
    public static List<String> cgroupDirs(OciConfig config, Host host, String id) {
        Linux linux = config.linux() == null ? Linux.builder().build() : config.linux();
        return new CgroupPlan(linux, host, id).dirs();
    }
}
