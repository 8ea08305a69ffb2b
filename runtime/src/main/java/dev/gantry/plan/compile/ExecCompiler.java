package dev.gantry.plan.compile;

import dev.gantry.error.Problems;
import dev.gantry.error.SourceMap;
import dev.gantry.oci.Linux;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.Process;
import dev.gantry.oci.rules.OciValidator;
import dev.gantry.plan.Host;
import dev.gantry.plan.Landlock;
import dev.gantry.plan.LaunchOptions;
import dev.gantry.plan.LaunchPlan;
import dev.gantry.plan.NamespaceStep;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Compiles the plan of a process that is added to a running container: a pure function. */
public final class ExecCompiler {
    private ExecCompiler() {}

    /**
     * Compiles the plan; the runtime hands over a pidfd of the container's first process when it performs it.
     *
     * @param wanted the container's own config
     * @param cgroups the container's cgroup directories, which the process joins
     * @throws dev.gantry.error.ConfigException with everything that is wrong with {@code process}
     */
    public static LaunchPlan compile(
            OciConfig wanted,
            Process process,
            List<String> cgroups,
            SourceMap sources,
            Host host,
            LaunchOptions options) {
        Problems problems = OciValidator.validate(process);
        Unsupported.report(process, host, problems);
        Optional<Landlock> landlock = LandlockReader.read(wanted, host, problems);
        problems.throwIfAny();
        OciConfig config = Rootless.adapt(wanted, host);

        Linux linux = config.linux() == null ? Linux.builder().build() : config.linux();
        NamespacePlan namespaces = new NamespacePlan(config, host);
        List<CgroupMembership> memberships = cgroups.stream()
                .map(dir -> new CgroupMembership(dir, host.isUnified(dir)))
                .toList();

        Steps steps = new Steps(sources);
        ProcessPlan plan = new ProcessPlan(config, process, false, landlock, options, namespaces);
        namespaces.hide(steps);
        plan.takeStdio(steps);
        plan.beforeNamespaces(steps);
        CgroupMembership.join(steps, memberships, namespaces);
        plan.beLabelled(steps);
        namespaces.enterContainer(steps);
        steps.add(Steps.DEFAULT, new NamespaceStep.Clone(Set.of()));
        plan.afterClone(steps);
        plan.adaptStdio(steps, false);
        plan.becomeUser(steps);
        plan.runAsAdded(steps);
        return steps.plan(problems);
    }
}
