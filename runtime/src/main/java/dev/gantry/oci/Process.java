package dev.gantry.oci;

import java.util.List;

/**
 * Describes a program to run in a container: its first one, or one added by {@code exec}.
 *
 * @param terminal absent means false
 * @param user absent means user 0 and group 0
 * @param commandLine for Windows only; kept, not used
 * @param env {@code NAME=value}; of one name the last counts
 * @param cwd absolute
 * @param capabilities null leaves none at all
 * @param noNewPrivileges absent means false
 * @param oomScoreAdj -1000 to 1000; null inherits
 * @param execCPUAffinity of processes that {@code exec} adds
 */
public record Process(
        Boolean terminal,
        ConsoleSize consoleSize,
        User user,
        List<String> args,
        String commandLine,
        List<String> env,
        String cwd,
        Capabilities capabilities,
        List<Rlimit> rlimits,
        Boolean noNewPrivileges,
        String apparmorProfile,
        Integer oomScoreAdj,
        Scheduler scheduler,
        String selinuxLabel,
        IoPriority ioPriority,
        CpuAffinity execCPUAffinity) {
    public Process {
        args = Copies.list(args);
        env = Copies.list(env);
        rlimits = Copies.list(rlimits);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder with everything set as it is here. */
    public Builder toBuilder() {
        return builder()
                .terminal(terminal)
                .consoleSize(consoleSize)
                .user(user)
                .args(args)
                .commandLine(commandLine)
                .env(env)
                .cwd(cwd)
                .capabilities(capabilities)
                .rlimits(rlimits)
                .noNewPrivileges(noNewPrivileges)
                .apparmorProfile(apparmorProfile)
                .oomScoreAdj(oomScoreAdj)
                .scheduler(scheduler)
                .selinuxLabel(selinuxLabel)
                .ioPriority(ioPriority)
                .execCPUAffinity(execCPUAffinity);
    }

    /** Returns whether the process gets a terminal; false if absent. */
    public boolean isTerminal() {
        return Boolean.TRUE.equals(terminal);
    }

    /** Returns whether the process may never gain privileges by {@code execve}; false if absent. */
    public boolean isNoNewPrivileges() {
        return Boolean.TRUE.equals(noNewPrivileges);
    }

    /** Collects the components of a {@link Process}; each method sets the one of its name. Not thread-safe. */
    public static final class Builder {
        private Boolean terminal;
        private ConsoleSize consoleSize;
        private User user;
        private List<String> args;
        private String commandLine;
        private List<String> env;
        private String cwd;
        private Capabilities capabilities;
        private List<Rlimit> rlimits;
        private Boolean noNewPrivileges;
        private String apparmorProfile;
        private Integer oomScoreAdj;
        private Scheduler scheduler;
        private String selinuxLabel;
        private IoPriority ioPriority;
        private CpuAffinity execCPUAffinity;

        private Builder() {}

        public Builder terminal(Boolean terminal) {
            this.terminal = terminal;
            return this;
        }

        public Builder consoleSize(ConsoleSize consoleSize) {
            this.consoleSize = consoleSize;
            return this;
        }

        public Builder user(User user) {
            this.user = user;
            return this;
        }

        public Builder args(List<String> args) {
            this.args = args;
            return this;
        }

        public Builder commandLine(String commandLine) {
            this.commandLine = commandLine;
            return this;
        }

        public Builder env(List<String> env) {
            this.env = env;
            return this;
        }

        public Builder cwd(String cwd) {
            this.cwd = cwd;
            return this;
        }

        public Builder capabilities(Capabilities capabilities) {
            this.capabilities = capabilities;
            return this;
        }

        public Builder rlimits(List<Rlimit> rlimits) {
            this.rlimits = rlimits;
            return this;
        }

        public Builder noNewPrivileges(Boolean noNewPrivileges) {
            this.noNewPrivileges = noNewPrivileges;
            return this;
        }

        public Builder apparmorProfile(String apparmorProfile) {
            this.apparmorProfile = apparmorProfile;
            return this;
        }

        public Builder oomScoreAdj(Integer oomScoreAdj) {
            this.oomScoreAdj = oomScoreAdj;
            return this;
        }

        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = scheduler;
            return this;
        }

        public Builder selinuxLabel(String selinuxLabel) {
            this.selinuxLabel = selinuxLabel;
            return this;
        }

        public Builder ioPriority(IoPriority ioPriority) {
            this.ioPriority = ioPriority;
            return this;
        }

        public Builder execCPUAffinity(CpuAffinity execCPUAffinity) {
            this.execCPUAffinity = execCPUAffinity;
            return this;
        }

        /** Creates the record; whatever was not set is absent. */
        public Process build() {
            return new Process(
                    terminal,
                    consoleSize,
                    user,
                    args,
                    commandLine,
                    env,
                    cwd,
                    capabilities,
                    rlimits,
                    noNewPrivileges,
                    apparmorProfile,
                    oomScoreAdj,
                    scheduler,
                    selinuxLabel,
                    ioPriority,
                    execCPUAffinity);
        }
    }
}
