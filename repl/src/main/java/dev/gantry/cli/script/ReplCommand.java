package dev.gantry.cli.script;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.files.RawPath;
import dev.gantry.repl.Repl;
import dev.gantry.terminal.HostTerminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** {@code repl}, and {@code gantry} alone: opens the prompt; without a terminal, evaluates what it is sent. */
final class ReplCommand implements Command {
    @Override
    public String summary() {
        return "open the prompt; `gantry` for short";
    }

    @Override
    public String arguments() {
        return "[FILE.ctr.groovy...]";
    }

    @Override
    public boolean cleansUpAtSignals() {
        return true;
    }

    @Override
    public int run(Invocation in) throws IOException {
        List<Path> files = in.args().stream().map(RawPath::here).toList();
        try (LazyGantry gantry = new LazyGantry(in)) {
            Repl repl = new Repl(gantry::get, RawPath.here(""), in.secrets());
            if (!HostTerminal.isAt(0) || !HostTerminal.isAt(1)) {
                BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                return repl.runQuietly(files, input, in.raw(), in.err());
            }
            return repl.run(files);
        }
    }
}
