package dev.gantry.plan;

import dev.gantry.error.Problems;
import dev.gantry.oci.Linux;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.OciValidator;
import dev.gantry.oci.Process;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Compiles the plan of a process that is added to a running container: a pure function. */
public final class ExecCompiler {
    private ExecCompiler() {}

    /**
     * Compiles the plan; the runtime hands over a pidfd of the container's first process when it performs it.
     *
     * @param config the container's own config
     * @param cgroups the container's cgroup v1 directories, which the process joins
     * @throws dev.gantry.error.ConfigException with everything that is wrong with {@code process}
     */
    public static LaunchPlan compile(
            OciConfig config, Process process, List<String> cgroups, SourceMap sources, LaunchOptions options) {
        Problems problems = OciValidator.validate(process);
        Unsupported.report(process, problems);
        problems.throwIfAny();

        Linux linux = config.linux() == null ? Linux.builder().build() : config.linux();
        Set<NamespaceType> types = EnumSet.noneOf(NamespaceType.class);
        linux.namespaces().forEach(namespace -> types.add(namespace.type()));

        Steps steps = new Steps(sources);
        ProcessPlan plan =
                new ProcessPlan(process, false, ProcessPlan.setsGroups(config), options, new NamespacePlan(linux));
        plan.beforeNamespaces(steps);
        cgroups.forEach(dir -> steps.add("linux.cgroupsPath", new ProcessStep.JoinCgroup(dir)));
        steps.add(Steps.DEFAULT, new ProcessStep.Undumpable());
        steps.add("linux.namespaces", new ProcessStep.JoinContainer(types));
        if (plan.isInUserNamespace()) {
            steps.add("linux.namespaces", new ProcessStep.BecomeRoot(true));
        }
        steps.add(Steps.DEFAULT, new ProcessStep.Clone(Set.of()));
        plan.afterClone(steps);
        plan.takeStdio(steps);
        plan.becomeUser(steps);
        plan.runAsAdded(steps);
        return steps.plan();
    }
}
