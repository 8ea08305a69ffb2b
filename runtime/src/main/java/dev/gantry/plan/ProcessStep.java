package dev.gantry.plan;

import dev.gantry.oci.Capability;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.Seccomp;
import dev.gantry.oci.SeccompFlag;
import dev.gantry.wire.Op;
import dev.gantry.wire.Orders;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Steps about the process itself: where it runs, who it is, what it may do, and what it becomes. */
public sealed interface ProcessStep extends InitStep {

    /** Sets how likely the kernel ends the process when memory runs out, -1000 to 1000. */
    record OomScore(int adjustment) implements ProcessStep {
        @Override
        public String describe() {
            return "set oom_score_adj to `%d`".formatted(adjustment);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.WRITE_FILE, "/proc/self/oom_score_adj", Integer.toString(adjustment));
        }
    }

    /**
     * Moves into a cgroup before it is left behind with the user namespace; a cgroup v2 is rather joined by birth, see
     * {@link Clone}.
     *
     * @param unified whether it is a cgroup v2
     */
    record JoinCgroup(String dir, boolean unified) implements ProcessStep {
        @Override
        public String describe() {
            return "join cgroup `%s`".formatted(dir);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.JOIN_CGROUP, dir + (unified ? "/cgroup.procs" : "/tasks"));
        }
    }

    /** Keeps processes of the namespaces about to be joined from tracing this one (CVE-2016-9962). */
    record Undumpable() implements ProcessStep {
        @Override
        public String describe() {
            return "become undumpable";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.DUMPABLE, false);
        }
    }

    /** Becomes dumpable: only then may who is no root of the host write to the files of its process in procfs, or join it. */
    record Dumpable() implements ProcessStep {
        @Override
        public String describe() {
            return "become dumpable";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.DUMPABLE, true);
        }
    }

    /** Opens an existing namespace by its path on the host, before any that is joined can take the path away. */
    record OpenNamespace(int index, NamespaceType type, String path) implements ProcessStep {
        @Override
        public String describe() {
            return "open %s namespace `%s`".formatted(type.ociName(), path);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.OPEN_NAMESPACE, index, path);
        }
    }

    /** Joins a namespace that was opened. */
    record JoinNamespace(int index, NamespaceType type, String path) implements ProcessStep {
        @Override
        public String describe() {
            return "join %s namespace `%s`".formatted(type.ociName(), path);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.JOIN, index, type.flag());
        }
    }

    /** Joins namespaces of the container's first process, whose pidfd the runtime hands over. */
    record JoinContainer(Set<NamespaceType> types) implements ProcessStep {
        public JoinContainer {
            types = Set.copyOf(types);
        }

        @Override
        public String describe() {
            return "join the container's namespaces";
        }

        @Override
        public String details() {
            return Namespaces.words(types);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.JOIN_TARGET, Namespaces.flags(types));
        }
    }

    /** Leaves a namespace for a new one, where that cannot wait for, or must wait longer than, {@link Clone}. */
    record Unshare(NamespaceType type) implements ProcessStep {
        @Override
        public String describe() {
            return "unshare %s namespace".formatted(type.ociName());
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.UNSHARE, type.flag());
        }
    }

    /** Offsets the clocks of the new time namespace; lines as in time_namespaces(7). */
    record TimeOffsets(String lines) implements ProcessStep {
        @Override
        public String describe() {
            return "set time offsets";
        }

        @Override
        public String details() {
            return lines.strip().replace('\n', ',');
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.WRITE_FILE, "/proc/self/timens_offsets", lines);
        }
    }

    /** Becomes root of the user namespace, or another of its users where no root is mapped. */
    record BecomeRoot(long uid, long gid, boolean dropGroups) implements ProcessStep {
        @Override
        public String describe() {
            return uid == 0 && gid == 0
                    ? "become root of the user namespace"
                    : "become `%d:%d` of the user namespace".formatted(uid, gid);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.SET_IDS, uid, gid, dropGroups);
        }
    }

    /**
     * Makes the process that goes on, in new namespaces.
     *
     * @param cgroup the directory of the cgroup v2 in which it is born, which the runtime hands over; empty for that of
     *     its parent
     */
    record Clone(Set<NamespaceType> types, Optional<String> cgroup) implements ProcessStep {
        public Clone {
            types = Set.copyOf(types);
        }

        @Override
        public String describe() {
            return types.isEmpty() ? "clone" : "clone into new namespaces";
        }

        @Override
        public String details() {
            String into = cgroup.map(dir -> "cgroup `%s`".formatted(dir)).orElse("");
            String words = Namespaces.words(types);
            return words + (words.isEmpty() || into.isEmpty() ? "" : "; ") + into;
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.CLONE, Namespaces.flags(types));
        }
    }

    /** Leads a new session. */
    record NewSession() implements ProcessStep {
        @Override
        public String describe() {
            return "start a session";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.NEW_SESSION);
        }
    }

    /** Has a session keyring of its own. */
    record NewKeyring(String name) implements ProcessStep {
        @Override
        public String describe() {
            return "join session keyring `%s`".formatted(name);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.KEYRING, name);
        }
    }

    /** Brings the loopback interface of the new network namespace up. */
    record LoopbackUp() implements ProcessStep {
        @Override
        public String describe() {
            return "bring `lo` up";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.LOOPBACK);
        }
    }

    /** Sets a kernel parameter; {@code key} in sysctl(8)'s notation with dots. */
    record Sysctl(String key, String value) implements ProcessStep {
        @Override
        public String describe() {
            return "set sysctl `%s`".formatted(key);
        }

        @Override
        public String details() {
            return value;
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.SYSCTL, key.replace('.', '/'), value);
        }
    }

    /** Sets the host name. */
    record SetHostname(String name) implements ProcessStep {
        @Override
        public String describe() {
            return "set hostname `%s`".formatted(name);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.HOSTNAME, name);
        }
    }

    /** Sets the NIS domain name. */
    record SetDomainname(String name) implements ProcessStep {
        @Override
        public String describe() {
            return "set domainname `%s`".formatted(name);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.DOMAINNAME, name);
        }
    }

    /** Takes the descriptors that the runtime hands over as standard input, output and error. */
    record UseStdio() implements ProcessStep {
        @Override
        public String describe() {
            return "take over stdio";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.STDIO);
        }
    }

    /**
     * Takes a new pseudo terminal as stdio and controlling terminal.
     *
     * @param rows 0 keeps the kernel's default size
     * @param cover whether it becomes {@code /dev/console} as well
     */
    record UseConsole(int rows, int columns, long uid, boolean cover) implements ProcessStep {
        @Override
        public String describe() {
            return "take over a terminal";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.CONSOLE, rows, columns, uid, cover);
        }
    }

    /** Sets a resource limit; -1 is unlimited. */
    record SetRlimit(String type, int resource, long soft, long hard) implements ProcessStep {
        @Override
        public String describe() {
            return "set rlimit `%s`".formatted(type);
        }

        @Override
        public String details() {
            return "soft %s, hard %s".formatted(Long.toUnsignedString(soft), Long.toUnsignedString(hard));
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.RLIMIT, resource, soft, hard);
        }
    }

    /** Sets the file mode creation mask. */
    record SetUmask(int mask) implements ProcessStep {
        @Override
        public String describe() {
            return "set umask `%04o`".formatted(mask);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.UMASK, mask);
        }
    }

    /** Changes the working directory; tried once as root, who may fail, and again as the user. */
    record ChangeDirectory(String path, boolean mayFail) implements ProcessStep {
        @Override
        public String describe() {
            return "change directory to `%s`".formatted(path);
        }

        @Override
        public String details() {
            return mayFail ? "may fail" : "";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.CHDIR, path, mayFail);
        }
    }

    /** Lets no execve(2) grant privileges from here on. */
    record NoNewPrivileges() implements ProcessStep {
        @Override
        public String describe() {
            return "set no_new_privs";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.NO_NEW_PRIVS);
        }
    }

    /** Drops every other capability from the bounding set. */
    record LimitCapabilities(Set<Capability> bounding) implements ProcessStep {
        public LimitCapabilities {
            bounding = Set.copyOf(bounding);
        }

        @Override
        public String describe() {
            return "limit capabilities";
        }

        @Override
        public String details() {
            return words(bounding);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.BOUNDING, bits(bounding));
        }

        static String words(Set<Capability> set) {
            return set.isEmpty()
                    ? "none"
                    : set.stream().map(Capability::ociName).sorted().collect(Collectors.joining(","));
        }

        static long bits(Set<Capability> set) {
            return set.stream().mapToLong(c -> 1L << c.number()).reduce(0, (a, b) -> a | b);
        }
    }

    /** Becomes the user; groups are left as they are where the user namespace forbids to set them. */
    record SetUser(long uid, long gid, boolean setGroups, List<Long> groups) implements ProcessStep {
        public SetUser {
            groups = List.copyOf(groups);
        }

        @Override
        public String describe() {
            return "become user `%d:%d`".formatted(uid, gid);
        }

        @Override
        public String details() {
            return groups.isEmpty() ? "" : "groups " + groups;
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.USER, uid, gid, setGroups, groups);
        }
    }

    /** Sets the process's own capability sets. */
    record SetCapabilities(
            Set<Capability> effective, Set<Capability> permitted, Set<Capability> inheritable, Set<Capability> ambient)
            implements ProcessStep {
        public SetCapabilities {
            effective = Set.copyOf(effective);
            permitted = Set.copyOf(permitted);
            inheritable = Set.copyOf(inheritable);
            ambient = Set.copyOf(ambient);
        }

        @Override
        public String describe() {
            return "set capabilities";
        }

        @Override
        public String details() {
            return "effective " + LimitCapabilities.words(effective);
        }

        @Override
        public void order(Orders orders) {
            orders.add(
                    Op.CAPABILITIES,
                    LimitCapabilities.bits(effective),
                    LimitCapabilities.bits(permitted),
                    LimitCapabilities.bits(inheritable));
            orders.add(Op.AMBIENT, LimitCapabilities.bits(ambient));
        }
    }

    /** Looks the program up in the container. */
    record FindProgram(List<String> args, List<String> env) implements ProcessStep {
        public FindProgram {
            args = List.copyOf(args);
            env = List.copyOf(env);
        }

        @Override
        public String describe() {
            return "find program `%s`".formatted(args.get(0));
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.FIND_PROGRAM, args, env);
        }
    }

    /** Looks up the home directory of the user for whom the environment names none. */
    record FindHome(long uid) implements ProcessStep {
        @Override
        public String describe() {
            return "find home of user `%d`".formatted(uid);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.FIND_HOME, uid);
        }
    }

    /**
     * Filters the process's system calls from here on; the runtime hands over the compiled filter. The kernel takes one
     * only from a process with no_new_privs or {@code CAP_SYS_ADMIN}.
     */
    record InstallSeccomp(Seccomp profile) implements ProcessStep {
        private static final int NEW_LISTENER = 0x08;

        @Override
        public String describe() {
            return "install seccomp filter";
        }

        @Override
        public String details() {
            return "default %s, %d rules, flags %#x"
                    .formatted(
                            profile.defaultAction().ociName(),
                            profile.syscalls().size(),
                            flags());
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.SECCOMP, flags());
        }

        /** TSYNC counts nothing: there is but one thread, and a listener may not be asked for along with it. */
        private int flags() {
            List<SeccompFlag> wanted = profile.flags() == null ? List.of(SeccompFlag.SPEC_ALLOW) : profile.flags();
            int flags = profile.notifies() ? NEW_LISTENER : 0;
            for (SeccompFlag flag : wanted) {
                boolean counts =
                        flag != SeccompFlag.TSYNC && (flag != SeccompFlag.WAIT_KILLABLE_RECV || profile.notifies());
                flags |= counts ? flag.flag() : 0;
            }
            return flags;
        }
    }

    /** Gives up {@code CAP_SYS_ADMIN}, kept this long for {@link InstallSeccomp} only; these sets are what is left. */
    record GiveUpAdmin(Set<Capability> effective, Set<Capability> permitted, Set<Capability> inheritable)
            implements ProcessStep {
        public GiveUpAdmin {
            effective = Set.copyOf(effective);
            permitted = Set.copyOf(permitted);
            inheritable = Set.copyOf(inheritable);
        }

        @Override
        public String describe() {
            return "give up CAP_SYS_ADMIN";
        }

        @Override
        public void order(Orders orders) {
            orders.add(
                    Op.CAPABILITIES,
                    LimitCapabilities.bits(effective),
                    LimitCapabilities.bits(permitted),
                    LimitCapabilities.bits(inheritable));
        }
    }

    /** Tells the runtime that all but the start is done, and goes on when it has recorded that. */
    record Ready() implements ProcessStep {
        @Override
        public String describe() {
            return "report ready";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.READY);
        }
    }

    /** Sets what a security module gives the next program, by a file of the process's {@code attr} in procfs. */
    record SetLabel(String attribute, String label) implements ProcessStep {
        @Override
        public String describe() {
            return "write `%s` to `attr/%s`".formatted(label, attribute);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.LABEL, attribute, label);
        }
    }

    /** Waits for a later {@code start}, perhaps of another runtime process. */
    record AwaitStart() implements ProcessStep {
        @Override
        public String describe() {
            return "await start";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.AWAIT_START);
        }
    }

    /** Becomes the program. */
    record Exec(List<String> args, List<String> env) implements ProcessStep {
        public Exec {
            args = List.copyOf(args);
            env = List.copyOf(env);
        }

        @Override
        public String describe() {
            return "exec `%s`".formatted(String.join(" ", args));
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.EXEC, args, env);
        }
    }

    /** Stays as a first process that reaps and waits. */
    record Idle() implements ProcessStep {
        @Override
        public String describe() {
            return "idle as the first process";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.IDLE);
        }
    }
}
