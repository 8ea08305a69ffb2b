package dev.gantry.plan.compile;

import dev.gantry.error.Problems;
import dev.gantry.oci.Capability;
import dev.gantry.oci.ConsoleSize;
import dev.gantry.oci.CpuAffinity;
import dev.gantry.oci.Linux;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.NumberList;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.Process;
import dev.gantry.oci.Rlimit;
import dev.gantry.oci.RlimitType;
import dev.gantry.oci.Seccomp;
import dev.gantry.oci.User;
import dev.gantry.plan.CapabilitySets;
import dev.gantry.plan.GantryAnnotations;
import dev.gantry.plan.Landlock;
import dev.gantry.plan.LaunchOptions;
import dev.gantry.plan.PrivilegeStep;
import dev.gantry.plan.ProcessStep;
import dev.gantry.plan.ScheduleStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plans the process itself, the container's first one or one that is added to it. */
final class ProcessPlan {
    private static final String HOME = "HOME=";

    private final Process process;
    private final User user;
    private final boolean idle;
    private final boolean runnable;
    private final boolean setGroups;
    private final Linux linux;
    private final Seccomp filter;
    private final Optional<Landlock> landlock;
    private final CapabilitySets capabilities;
    private final List<String> env;
    private final LaunchOptions options;
    private final NamespacePlan namespaces;

    /** Plans the first process of a container. */
    ProcessPlan(OciConfig config, Optional<Landlock> landlock, LaunchOptions options, NamespacePlan namespaces) {
        this(config, config.process(), GantryAnnotations.isIdle(config), landlock, options, namespaces);
    }

    /** Plans any process in a container made from {@code config}. */
    ProcessPlan(
            OciConfig config,
            Process process,
            boolean idle,
            Optional<Landlock> landlock,
            LaunchOptions options,
            NamespacePlan namespaces) {
        this.process = process == null ? Process.builder().build() : process;
        this.user = this.process.user() == null ? User.builder().build() : this.process.user();
        this.idle = idle;
        this.runnable = !idle && process != null;
        this.setGroups = namespaces.setsGroups();
        this.linux = config.linux() == null ? Linux.builder().build() : config.linux();
        this.filter = linux.seccomp();
        this.landlock = landlock;
        this.capabilities = CapabilitySets.of(this.process.capabilities());
        this.env = effective(this.process.env());
        this.options = options;
        this.namespaces = namespaces;
    }

    /** Warns of a container that has nothing to run. */
    static void warn(OciConfig config, Problems problems) {
        if (config.process() == null && !GantryAnnotations.isIdle(config)) {
            problems.warning("process", "without `process` the container can be created, but not started");
        }
    }

    /** Returns the environment of the program, but for a home that is looked up. */
    List<String> env() {
        return env;
    }

    void beforeNamespaces(Steps steps) {
        CpuAffinity affinity = process.execCPUAffinity();
        if (affinity != null && isSet(affinity.initial())) {
            useCpus(steps, "process.execCPUAffinity.initial", affinity.initial());
        }
        if (process.oomScoreAdj() != null) {
            steps.add("process.oomScoreAdj", new ProcessStep.OomScore(process.oomScoreAdj()));
        }
    }

    /** In the cgroup, whose CPUs the process gets, however few the runtime itself was started with. */
    void afterClone(Steps steps) {
        CpuAffinity affinity = process.execCPUAffinity();
        if (affinity == null) {
            steps.add(Steps.DEFAULT, new ScheduleStep.UseCpus(null));
        } else if (isSet(affinity.finalCpus())) {
            useCpus(steps, "process.execCPUAffinity.final", affinity.finalCpus());
        }
        steps.add(Steps.DEFAULT, new ProcessStep.NewSession());
        if (options.newKeyring()) {
            steps.add(Steps.DEFAULT, new ProcessStep.NewKeyring("_ses." + options.id()));
        }
    }

    private static void useCpus(Steps steps, String origin, String cpus) {
        steps.add(origin, new ScheduleStep.UseCpus(NumberList.of(cpus)));
    }

    private static boolean isSet(String list) {
        return list != null && !list.isBlank();
    }

    /** While the host's procfs is at hand; no hook of the host comes after it, which would be confined by it too. */
    void beLabelled(Steps steps) {
        if (isSet(process.apparmorProfile())) {
            steps.add(
                    "process.apparmorProfile",
                    new PrivilegeStep.SetLabel("apparmor/exec", "exec " + process.apparmorProfile()));
        }
        if (isSet(process.selinuxLabel())) {
            steps.add("process.selinuxLabel", new PrivilegeStep.SetLabel("exec", process.selinuxLabel()));
        }
    }

    /** At once, so that nothing of the runtime's own stdio is ever seen inside. */
    void takeStdio(Steps steps) {
        steps.add("process.terminal", new ProcessStep.UseStdio());
    }

    /** What of stdio needs the container's own files. */
    void adaptStdio(Steps steps, boolean first) {
        if (!process.isTerminal()) {
            steps.add("process.terminal", new ProcessStep.UseOwnNull());
            return;
        }
        ConsoleSize size = process.consoleSize();
        int rows = size == null || size.height() == null ? 0 : size.height().intValue();
        int columns = size == null || size.width() == null ? 0 : size.width().intValue();
        steps.add(
                "process.terminal",
                new ProcessStep.UseConsole(
                        rows,
                        columns,
                        orZero(user.uid()),
                        first && namespaces.has(NamespaceType.MOUNT),
                        options.relaysTerminal()));
    }

    /** What outlives the change of user, done while there are privileges for it. */
    private void beScheduled(Steps steps) {
        if (process.scheduler() != null) {
            steps.add("process.scheduler", new ScheduleStep.Schedule(process.scheduler()));
        }
        if (process.ioPriority() != null) {
            steps.add("process.ioPriority", new ScheduleStep.SetIoPriority(process.ioPriority()));
        }
        if (linux.personality() != null) {
            steps.add(
                    "linux.personality",
                    new ScheduleStep.SetPersonality(linux.personality().domain()));
        }
        if (linux.memoryPolicy() != null) {
            steps.add("linux.memoryPolicy", new ScheduleStep.SetMemoryPolicy(linux.memoryPolicy()));
        }
    }

    void becomeUser(Steps steps) {
        beScheduled(steps);
        List<Rlimit> limits = process.rlimits();
        for (int i = 0; i < limits.size(); i++) {
            Rlimit limit = limits.get(i);
            int resource = RlimitType.of(limit.type()).orElseThrow().number();
            steps.add(
                    "process.rlimits[" + i + "]",
                    new ProcessStep.SetRlimit(limit.type(), resource, orZero(limit.soft()), orZero(limit.hard())));
        }
        int umask = user.umask() == null ? 0022 : user.umask().intValue() & 0777;
        steps.add(user.umask() == null ? Steps.DEFAULT : "process.user.umask", new PrivilegeStep.SetUmask(umask));
        if (process.cwd() != null) {
            steps.add("process.cwd", new ProcessStep.ChangeDirectory(process.cwd(), true));
        }
        capabilitiesAndUser(steps);
        if (process.cwd() != null) {
            steps.add("process.cwd", new ProcessStep.ChangeDirectory(process.cwd(), false));
        }
    }

    private void capabilitiesAndUser(Steps steps) {
        String origin = process.capabilities() == null ? Steps.DEFAULT : "process.capabilities";
        steps.add(origin, new PrivilegeStep.LimitCapabilities(capabilities.bounding()));
        steps.add(
                process.user() == null ? Steps.DEFAULT : "process.user",
                new PrivilegeStep.SetUser(orZero(user.uid()), orZero(user.gid()), setGroups, user.additionalGids()));
        CapabilitySets now = keepsAdmin() ? capabilities.with(Capability.SYS_ADMIN) : capabilities;
        steps.add(
                origin,
                new PrivilegeStep.SetCapabilities(now.effective(), now.permitted(), now.inheritable(), now.ambient()));
        if (process.isNoNewPrivileges()) {
            steps.add("process.noNewPrivileges", new PrivilegeStep.NoNewPrivileges());
        }
    }

    /** Without no_new_privs, only this capability lets a process be restricted or have a filter. */
    private boolean keepsAdmin() {
        return (filter != null || landlock.isPresent()) && !process.isNoNewPrivileges();
    }

    /** The container's first process: known to the state store before it becomes the program. */
    void runAsFirst(Steps steps, HookPlan hooks) {
        if (runnable) {
            find(steps);
        }
        hooks.beforeFilter(steps);
        if (options.awaitStart()) {
            namespaces.openToAdditions(steps);
            steps.add(Steps.DEFAULT, new ProcessStep.EndOnSignals());
        }
        confine(steps);
        steps.add(Steps.DEFAULT, new ProcessStep.Ready(options.awaitStart()));
        if (options.awaitStart()) {
            steps.add(Steps.DEFAULT, new ProcessStep.AwaitStart());
        }
        if (!runnable && !idle) {
            steps.add("process", new ProcessStep.NoProgram());
            return;
        }
        hooks.beforeProgram(steps, env);
        steps.add("process.args", idle ? new ProcessStep.Idle() : exec());
    }

    void runAsAdded(Steps steps) {
        find(steps);
        confine(steps);
        steps.add("process.args", exec());
    }

    /** What the container's files tell, read while nothing can refuse to read them. */
    private void find(Steps steps) {
        if (!hasHome()) {
            steps.add("process.user", new ProcessStep.FindHome(orZero(user.uid())));
        }
        steps.add("process.args", new ProcessStep.FindProgram(process.args(), env));
    }

    private boolean hasHome() {
        for (String entry : env) {
            if (entry.startsWith(HOME)) {
                return true;
            }
        }
        return false;
    }

    /**
     * As late as can be, so that the filter need not allow what the init does, only what it cannot do before: read,
     * write, close and execve; and capset where the filter could not be had without a capability.
     */
    private void confine(Steps steps) {
        landlock.ifPresent(rules ->
                steps.add("annotations." + GantryAnnotations.LANDLOCK, new PrivilegeStep.RestrictAccess(rules)));
        if (filter != null) {
            steps.add("linux.seccomp", new PrivilegeStep.InstallSeccomp(filter));
        }
        if (keepsAdmin() && !capabilities.with(Capability.SYS_ADMIN).equals(capabilities)) {
            steps.add(
                    "process.capabilities",
                    new PrivilegeStep.GiveUpAdmin(
                            capabilities.effective(), capabilities.permitted(), capabilities.inheritable()));
        }
    }

    private ProcessStep exec() {
        return new ProcessStep.Exec(process.args(), env);
    }

    /** The last entry of each name; a HOME without a value is one that is not there. */
    private static List<String> effective(List<String> env) {
        Map<String, String> byName = new LinkedHashMap<>();
        env.forEach(entry -> {
            String name = entry.substring(0, Math.max(0, entry.indexOf('=')));
            byName.remove(name); // so that the last one also stands last
            byName.put(name, entry);
        });
        byName.values().remove(HOME);
        return new ArrayList<>(byName.values());
    }

    private static long orZero(Long value) {
        return value == null ? 0 : value;
    }
}
