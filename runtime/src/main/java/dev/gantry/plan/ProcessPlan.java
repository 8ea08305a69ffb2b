package dev.gantry.plan;

import dev.gantry.oci.Capabilities;
import dev.gantry.oci.Capability;
import dev.gantry.oci.ConsoleSize;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.Process;
import dev.gantry.oci.Rlimit;
import dev.gantry.oci.RlimitType;
import dev.gantry.oci.User;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plans the process itself, the container's first one or one that is added to it. */
final class ProcessPlan {
    private final Process process;
    private final User user;
    private final boolean idle;
    private final boolean setGroups;
    private final LaunchOptions options;
    private final NamespacePlan namespaces;

    ProcessPlan(OciConfig config, LaunchOptions options, NamespacePlan namespaces) {
        this(config.process(), GantryAnnotations.isIdle(config), setsGroups(config), options, namespaces);
    }

    ProcessPlan(Process process, boolean idle, boolean setGroups, LaunchOptions options, NamespacePlan namespaces) {
        this.process = process == null ? Process.builder().build() : process;
        this.user = this.process.user() == null ? User.builder().build() : this.process.user();
        this.idle = idle || process == null;
        this.setGroups = setGroups;
        this.options = options;
        this.namespaces = namespaces;
    }

    /** A single mapped group means that the runtime had to give up setgroups(2) to be allowed to map it. */
    static boolean setsGroups(OciConfig config) {
        boolean single = config.linux() != null
                && config.linux().gidMappings().size() == 1
                && config.linux().gidMappings().get(0).size() == 1;
        return !single;
    }

    void beforeNamespaces(Steps steps) {
        if (process.oomScoreAdj() != null) {
            steps.add("process.oomScoreAdj", new ProcessStep.OomScore(process.oomScoreAdj()));
        }
    }

    void afterClone(Steps steps) {
        steps.add(Steps.DEFAULT, new ProcessStep.NewSession());
        if (options.newKeyring()) {
            steps.add(Steps.DEFAULT, new ProcessStep.NewKeyring("_ses." + options.id()));
        }
    }

    void takeStdio(Steps steps, boolean first) {
        if (!process.isTerminal()) {
            steps.add("process.terminal", new ProcessStep.UseStdio());
            return;
        }
        ConsoleSize size = process.consoleSize();
        int rows = size == null || size.height() == null ? 0 : size.height().intValue();
        int columns = size == null || size.width() == null ? 0 : size.width().intValue();
        steps.add(
                "process.terminal",
                new ProcessStep.UseConsole(
                        rows, columns, orZero(user.uid()), first && namespaces.creates(NamespaceType.MOUNT)));
    }

    void becomeUser(Steps steps) {
        List<Rlimit> limits = process.rlimits();
        for (int i = 0; i < limits.size(); i++) {
            Rlimit limit = limits.get(i);
            int resource = RlimitType.of(limit.type()).orElseThrow().number();
            steps.add(
                    "process.rlimits[%d]".formatted(i),
                    new ProcessStep.SetRlimit(limit.type(), resource, orZero(limit.soft()), orZero(limit.hard())));
        }
        int umask = user.umask() == null ? 0022 : user.umask().intValue() & 0777;
        steps.add(user.umask() == null ? Steps.DEFAULT : "process.user.umask", new ProcessStep.SetUmask(umask));
        if (process.cwd() != null) {
            steps.add("process.cwd", new ProcessStep.ChangeDirectory(process.cwd(), true));
        }
        capabilitiesAndUser(steps);
        if (process.cwd() != null) {
            steps.add("process.cwd", new ProcessStep.ChangeDirectory(process.cwd(), false));
        }
    }

    private void capabilitiesAndUser(Steps steps) {
        Capabilities wanted = process.capabilities();
        Set<Capability> none = EnumSet.noneOf(Capability.class);
        String origin = wanted == null ? Steps.DEFAULT : "process.capabilities";
        steps.add(origin, new ProcessStep.LimitCapabilities(wanted == null ? none : known(wanted.bounding())));
        steps.add(
                process.user() == null ? Steps.DEFAULT : "process.user",
                new ProcessStep.SetUser(orZero(user.uid()), orZero(user.gid()), setGroups, user.additionalGids()));
        if (wanted == null) {
            steps.add(origin, new ProcessStep.SetCapabilities(none, none, none, none));
        } else {
            Set<Capability> permitted = known(wanted.permitted());
            Set<Capability> inheritable = known(wanted.inheritable());
            Set<Capability> ambient = known(wanted.ambient());
            ambient.retainAll(permitted); // what cannot be raised was warned about by the validator
            ambient.retainAll(inheritable);
            steps.add(
                    origin,
                    new ProcessStep.SetCapabilities(known(wanted.effective()), permitted, inheritable, ambient));
        }
        if (process.isNoNewPrivileges()) {
            steps.add("process.noNewPrivileges", new ProcessStep.NoNewPrivileges());
        }
    }

    /** The container's first process: known to the state store before it becomes the program. */
    void runAsFirst(Steps steps) {
        if (!idle) {
            steps.add("process.args", new ProcessStep.FindProgram(process.args(), env()));
        }
        steps.add(Steps.DEFAULT, new ProcessStep.Ready());
        if (options.awaitStart()) {
            steps.add(Steps.DEFAULT, new ProcessStep.AwaitStart());
        }
        steps.add("process.args", idle ? new ProcessStep.Idle() : exec());
    }

    void runAsAdded(Steps steps) {
        steps.add("process.args", new ProcessStep.FindProgram(process.args(), env()))
                .add("process.args", exec());
    }

    private ProcessStep exec() {
        return new ProcessStep.Exec(process.args(), env(), orZero(user.uid()));
    }

    private List<String> env() {
        return lastOfEachName(process.env());
    }

    private static List<String> lastOfEachName(List<String> env) {
        Map<String, String> byName = new LinkedHashMap<>();
        env.forEach(entry -> {
            String name = entry.substring(0, Math.max(0, entry.indexOf('=')));
            byName.remove(name); // so that the last one also stands last
            byName.put(name, entry);
        });
        return new ArrayList<>(byName.values());
    }

    private static Set<Capability> known(List<String> names) {
        Set<Capability> set = EnumSet.noneOf(Capability.class);
        names.stream().map(Capability::of).flatMap(Optional::stream).forEach(set::add);
        return set;
    }

    private static long orZero(Long value) {
        return value == null ? 0 : value;
    }

    boolean isInUserNamespace() {
        return namespaces.has(NamespaceType.USER);
    }
}
