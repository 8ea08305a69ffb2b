package dev.gantry.cli.oci;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.Opt;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.Problem;
import dev.gantry.error.Problems;
import dev.gantry.files.RawPath;
import dev.gantry.files.WholeFile;
import dev.gantry.io.ContainerProcess;
import dev.gantry.io.Stdio;
import dev.gantry.json.Json;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.Capabilities;
import dev.gantry.oci.Process;
import dev.gantry.oci.User;
import dev.gantry.oci.codec.OciReader;
import dev.gantry.oci.rules.OciValidator;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.Gantry;
import dev.gantry.runtime.Internals;
import dev.gantry.value.ExecOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.cli.Options;

/** {@code exec}: runs one more process in a container. */
final class ExecCommand implements Command {
    private static final int OWN_FAILURE = 255;

    @Override
    public String summary() {
        return "run one more process in a container";
    }

    @Override
    public String arguments() {
        return "[options] CONTAINER COMMAND [arguments]";
    }

    @Override
    public boolean passesRestOn() {
        return true;
    }

    @Override
    public int failure(Throwable e) {
        return OWN_FAILURE;
    }

    @Override
    public String failurePrefix() {
        return "exec failed: ";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Opt.value(null, "console-socket", "PATH", "unix socket to which the terminal is sent"))
                .addOption(Opt.value(null, "pidfd-socket", "PATH", "unix socket to which a pidfd is sent"))
                .addOption(Opt.value(null, "cwd", "DIR", "working directory in the container"))
                .addOption(Opt.values("e", "env", "NAME=VALUE", "add to the environment"))
                .addOption(Opt.flag("t", "tty", "give it a terminal"))
                .addOption(Opt.value("u", "user", "UID[:GID]", "run as this user"))
                .addOption(Opt.values("g", "additional-gids", "GID", "one more group"))
                .addOption(Opt.value("p", "process", "FILE", "take the whole process from a JSON file"))
                .addOption(Opt.flag("d", "detach", "leave it running"))
                .addOption(Opt.value(null, "pid-file", "FILE", "where to write its pid"))
                .addOption(Opt.value(null, "process-label", "LABEL", "SELinux label"))
                .addOption(Opt.value(null, "apparmor", "PROFILE", "AppArmor profile"))
                .addOption(Opt.flag(null, "no-new-privs", "it gains no privileges by executing programs"))
                .addOption(Opt.values("c", "cap", "CAPABILITY", "one more capability"))
                .addOption(Opt.value(null, "preserve-fds", "NUMBER", "how many descriptors from 3 on to pass on"))
                .addOption(Opt.values(null, "cgroup", "[CONTROLLERS:]PATH", "a cgroup below the container's"))
                .addOption(Opt.flag(null, "ignore-paused", "in a paused container, wait for it to be resumed"));
    }

    @Override
    public int run(Invocation in) throws IOException {
        String id = in.arg(0, "CONTAINER");
        boolean detach = in.has("detach");
        try (Gantry gantry = detach ? in.openToLeave() : in.open()) {
            Container container = gantry.container(id);
            Preserved preserved = Preserved.of(in, System.getenv());
            Process process = preserved.describedTo(process(in, container));
            warn(in, process, container);
            Handover handover = Handover.of(in, process.isTerminal(), detach);
            String[] cgroups = in.line().getOptionValues("cgroup");
            ExecOptions options = ExecOptions.DEFAULT.inCgroups(cgroups == null ? List.of() : List.of(cgroups));
            options = in.has("ignore-paused") ? options.allowingPaused() : options;
            options = in.has("console-socket") ? options.handingTerminalOver() : options;
            try (Foreground foreground = Foreground.open(process.isTerminal() && !detach, remedy(in));
                    ContainerProcess added = Internals.spawn(
                            container,
                            foreground.sized(process),
                            Stdio.inherited().with(preserved.fds()),
                            options)) {
                foreground.known(added);
                try {
                    handover.tellOf(added);
                } catch (RuntimeException e) {
                    added.signal(Signal.KILL.number());
                    throw e;
                }
                return detach ? 0 : foreground.stayWith(added).shell();
            }
        }
    }

    /** What the container's own process lacks was reported when it was made. */
    private static void warn(Invocation in, Process process, Container container) {
        List<Problem> warnings = OciValidator.validate(process).warnings();
        if (!warnings.isEmpty()) {
            List<Problem> known =
                    OciValidator.validate(container.processFor(process.args())).warnings();
            in.warn(warnings.stream()
                    .filter(warning -> !known.contains(warning))
                    .toList());
        }
    }

    private static String remedy(Invocation in) {
        return in.has("process") ? "set `terminal` to false in the process file" : "leave out `-t`";
    }

    private static Process process(Invocation in, Container container) throws IOException {
        String file = in.value("process", null);
        if (file != null) {
            Problems problems = new Problems();
            Process process =
                    OciReader.process(Json.parse(WholeFile.read(RawPath.here(file), Json.MAX_BYTES), file), problems);
            problems.throwIfAny();
            return process;
        }
        List<String> args = in.args().subList(1, in.args().size());
        if (args.isEmpty()) {
            throw new ContainerException(ErrorKind.CONFIG, "args must not be empty");
        }
        Process own = container.processFor(args);
        Process.Builder wanted = own.toBuilder()
                .env(joined(own.env(), in.line().getOptionValues("env")))
                .cwd(in.value("cwd", own.cwd()))
                .terminal(in.has("tty"))
                .user(user(in, own.user()))
                .capabilities(capabilities(in, own.capabilities()))
                .apparmorProfile(in.value("apparmor", own.apparmorProfile()))
                .selinuxLabel(in.value("process-label", own.selinuxLabel()));
        if (in.has("no-new-privs")) {
            wanted.noNewPrivileges(true);
        }
        return wanted.build();
    }

    private static <T> List<T> joined(List<T> own, T[] more) {
        List<T> joined = new ArrayList<>(own);
        joined.addAll(more == null ? List.of() : List.of(more));
        return joined;
    }

    private static User user(Invocation in, User own) {
        User user = in.has("user") ? user(in.value("user", "")) : own;
        String[] groups = in.line().getOptionValues("additional-gids");
        if (groups == null) {
            return user;
        }
        List<Long> gids = new ArrayList<>(user == null ? List.of() : user.additionalGids());
        for (String group : groups) {
            gids.add(id(group, group));
        }
        return (user == null ? User.builder().uid(0L).gid(0L) : user.toBuilder())
                .additionalGids(gids)
                .build();
    }

    /** A capability is added to what it may have; to what it keeps as another user only if it may inherit it. */
    private static Capabilities capabilities(Invocation in, Capabilities own) {
        String[] more = in.line().getOptionValues("cap");
        if (more == null) {
            return own;
        }
        Capabilities had = own == null ? Capabilities.builder().build() : own;
        List<String> names = Stream.of(more).map(ExecCommand::capability).toList();
        List<String> inheritable = orNone(had.inheritable());
        return had.toBuilder()
                .bounding(both(had.bounding(), names))
                .effective(both(had.effective(), names))
                .permitted(both(had.permitted(), names))
                .ambient(both(
                        had.ambient(),
                        names.stream().filter(inheritable::contains).toList()))
                .build();
    }

    private static String capability(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.startsWith("CAP_") ? upper : "CAP_" + upper;
    }

    private static List<String> both(List<String> own, List<String> more) {
        return Stream.concat(orNone(own).stream(), more.stream()).distinct().toList();
    }

    private static List<String> orNone(List<String> list) {
        return list == null ? List.of() : list;
    }

    /** Numbers only: what a name means is for the container's own user database to say (CVE-2016-3697). */
    static User user(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length > 2) {
            throw bad(text);
        }
        long uid = id(parts[0], text);
        return User.builder()
                .uid(uid)
                .gid(parts.length == 2 ? id(parts[1], text) : 0)
                .build();
    }

    private static long id(String digits, String text) {
        if (!digits.matches("0|[1-9]\\d{0,9}") || Long.parseLong(digits) >= 0xffff_ffffL) {
            throw bad(text);
        }
        return Long.parseLong(digits);
    }

    private static ContainerException bad(String text) {
        return new ContainerException(
                ErrorKind.CONFIG, "parse user `%s`".formatted(text), "UID or UID:GID, as numbers", null);
    }
}
