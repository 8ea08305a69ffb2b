package dev.gantry.cli;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.Problems;
import dev.gantry.json.Json;
import dev.gantry.oci.OciReader;
import dev.gantry.oci.Process;
import dev.gantry.oci.User;
import dev.gantry.runtime.Container;
import dev.gantry.runtime.ContainerProcess;
import dev.gantry.runtime.Gantry;
import dev.gantry.runtime.Stdio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    public int failure() {
        return OWN_FAILURE;
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Opt.value(null, "cwd", "DIR", "working directory in the container"))
                .addOption(Opt.value("e", "env", "NAME=VALUE", "add to the environment; may be repeated"))
                .addOption(Opt.value("u", "user", "UID[:GID]", "run as this user"))
                .addOption(Opt.flag("t", "tty", "give it a terminal"))
                .addOption(Opt.value("p", "process", "FILE", "take the whole process from a JSON file"))
                .addOption(Opt.flag("d", "detach", "leave it running"))
                .addOption(Opt.value(null, "pid-file", "FILE", "where to write its pid"));
    }

    @Override
    public int run(Invocation in) throws IOException {
        String id = in.arg(0, "CONTAINER");
        try (Gantry gantry = in.open()) {
            Container container = gantry.container(id);
            Process process = process(in, container);
            if (process.isTerminal() && in.has("detach")) {
                throw new UsageException("cannot allocate tty if gantry will detach without setting console socket");
            }
            try (Foreground foreground = Foreground.open(process.isTerminal());
                    ContainerProcess added = container.spawn(foreground.sized(process), Stdio.inherited())) {
                if (in.has("pid-file")) {
                    PidFile.write(in.value("pid-file", null), added.pid());
                }
                return in.has("detach") ? 0 : foreground.stayWith(added).shell();
            }
        }
    }

    private static Process process(Invocation in, Container container) throws IOException {
        String file = in.value("process", null);
        if (file != null) {
            Problems problems = new Problems();
            Process process = OciReader.process(Json.parse(Files.readAllBytes(Path.of(file)), file), problems);
            problems.throwIfAny();
            return process;
        }
        List<String> args = in.args().subList(1, in.args().size());
        if (args.isEmpty()) {
            throw new UsageException("args must not be empty");
        }
        Process own = container.processFor(args);
        List<String> env = new ArrayList<>(own.env());
        String[] more = in.line().getOptionValues("env");
        env.addAll(more == null ? List.of() : List.of(more));
        return own.toBuilder()
                .env(env)
                .cwd(in.value("cwd", own.cwd()))
                .terminal(in.has("tty"))
                .user(in.has("user") ? user(in.value("user", "")) : own.user())
                .build();
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
