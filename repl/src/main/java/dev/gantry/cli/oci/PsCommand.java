package dev.gantry.cli.oci;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.Opt;
import dev.gantry.cli.command.UsageException;
import dev.gantry.runtime.Gantry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.Options;

/** {@code ps}: lists the processes of a container, as the host's {@code ps(1)} shows them or as JSON. */
final class PsCommand implements Command {
    @Override
    public String summary() {
        return "list the processes of a container";
    }

    @Override
    public String arguments() {
        return "[options] CONTAINER [options of ps]";
    }

    @Override
    public Options options() {
        return new Options().addOption(Opt.value("f", "format", "FORMAT", "`table` (default) or `json`"));
    }

    @Override
    public boolean passesRestOn() {
        return true;
    }

    @Override
    public int run(Invocation in) throws IOException, InterruptedException {
        String format = in.value("format", "table");
        List<Integer> pids;
        try (Gantry gantry = in.open()) {
            pids = gantry.container(in.arg(0, "CONTAINER")).processes();
        }
        switch (format) {
            case "json" -> in.out().println(pids.toString().replace(" ", ""));
            case "table" -> table(in, pids);
            default -> throw new UsageException("invalid format option `%s`".formatted(format));
        }
        return 0;
    }

    private static void table(Invocation in, List<Integer> pids) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ps"));
        command.addAll(in.args().size() > 1 ? in.args().subList(1, in.args().size()) : List.of("-ef"));
        Process ps = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        ps.getOutputStream().close();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(ps.getInputStream(), StandardCharsets.UTF_8))) {
            String header = lines.readLine();
            int column = header == null
                    ? -1
                    : Arrays.asList(header.strip().split("\\s+")).indexOf("PID");
            if (column < 0) {
                throw new UsageException("couldn't find PID field in ps output");
            }
            in.out().println(header);
            lines.lines().filter(line -> pids.contains(pid(line, column))).forEach(in.out()::println);
        }
        ps.waitFor();
    }

    private static int pid(String line, int column) {
        String[] fields = line.strip().split("\\s+");
        return fields.length > column && fields[column].matches("\\d+") ? Integer.parseInt(fields[column]) : -1;
    }
}
