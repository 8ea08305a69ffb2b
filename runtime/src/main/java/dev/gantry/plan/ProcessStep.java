package dev.gantry.plan;

import dev.gantry.wire.Op;
import dev.gantry.wire.Orders;
import java.util.List;

/** Steps about the process itself: where it runs, what it has, and what it becomes. */
public sealed interface ProcessStep extends InitStep {

    /** Sets how likely the kernel ends the process when memory runs out, -1000 to 1000. */
    record OomScore(int adjustment) implements ProcessStep {
        @Override
        public String describe() {
            return "set oom_score_adj to `%d`".formatted(adjustment);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.WRITE_PROCFS).set("path", "self/oom_score_adj").set("content", Integer.toString(adjustment));
        }
    }

    /**
     * Moves into a cgroup before it is left behind with the user namespace; a cgroup v2 is rather joined by birth, see
     * {@link OpenCgroup}.
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
            orders.add(Op.JOIN_CGROUP).set("tasks", dir + (unified ? "/cgroup.procs" : "/tasks"));
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
            orders.add(Op.KEYRING).set("name", name);
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
            orders.add(Op.SYSCTL).set("key", key.replace('.', '/')).set("value", value);
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
            orders.add(Op.HOSTNAME).set("name", name);
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
            orders.add(Op.DOMAINNAME).set("name", name);
        }
    }

    /**
     * Takes the descriptors that the runtime hands over as standard input, output and error, and holds no copy of them.
     */
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

    /** Exchanges a null device among the standard streams for the container's, whose node the container may change. */
    record UseOwnNull() implements ProcessStep {
        @Override
        public String describe() {
            return "take `/dev/null` of the root where stdio is a null device";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.OWN_NULL);
        }
    }

    /**
     * Takes a new pseudo terminal as stdio and controlling terminal.
     *
     * @param rows 0 keeps the kernel's default size
     * @param cover whether it becomes {@code /dev/console} as well
     * @param bareLines whether it adds no return to the end of a line, since a terminal at the far end will
     */
    record UseConsole(int rows, int columns, long uid, boolean cover, boolean bareLines) implements ProcessStep {
        @Override
        public String describe() {
            return "take over a terminal";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.CONSOLE)
                    .set("rows", rows)
                    .set("columns", columns)
                    .set("uid", uid)
                    .set("cover", cover)
                    .set("bare_lines", bareLines);
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
            orders.add(Op.RLIMIT).set("resource", resource).set("soft", soft).set("hard", hard);
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
            orders.add(Op.CHDIR).set("path", path).set("tolerant", mayFail);
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
            orders.add(Op.FIND_PROGRAM).set("args", args).set("env", env);
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
            orders.add(Op.FIND_HOME).set("uid", uid);
        }
    }

    /**
     * Reports that all but the start is done, and goes on when the runtime has recorded that.
     *
     * @param awaitsStart whether the runtime still hears what comes before {@link AwaitStart}
     */
    record Ready(boolean awaitsStart) implements ProcessStep {
        @Override
        public String describe() {
            return "report ready";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.READY).set("leave_socket", !awaitsStart);
        }
    }

    /**
     * Opens a cgroup v2 in which {@link NamespaceStep.Clone} makes the process, which costs less than to move into it;
     * what the process has open of it for a moment leads nowhere else.
     */
    record OpenCgroup(String dir) implements ProcessStep {
        @Override
        public String describe() {
            return "open cgroup `%s` to be born in it".formatted(dir);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.OPEN_CGROUP).set("path", dir);
        }
    }

    /** Lets signals end a process that waits for its start, though it is the first one of a pid namespace. */
    record EndOnSignals() implements ProcessStep {
        @Override
        public String describe() {
            return "end on signals until the program runs";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.END_ON_SIGNALS);
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
            orders.add(Op.EXEC).set("args", args).set("env", env);
        }
    }

    /** Fails: a config without a process gives a container that can be created, and never started. */
    record NoProgram() implements ProcessStep {
        private static final int EINVAL = 22;

        @Override
        public String describe() {
            return "fail: there is no `process`";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.FAIL).set("error", EINVAL);
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
