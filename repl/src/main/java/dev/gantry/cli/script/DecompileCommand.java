package dev.gantry.cli.script;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.dsl.Decompiler;
import dev.gantry.files.RawPath;

/** {@code decompile}: prints a script that defines what a bundle or a {@code config.json} does. */
final class DecompileCommand implements Command {
    @Override
    public String summary() {
        return "print a bundle or a config.json as a script";
    }

    @Override
    public String arguments() {
        return "FILE|BUNDLE";
    }

    @Override
    public int run(Invocation in) {
        DefinitionFiles.read(RawPath.here(in.arg(0, "FILE")), in)
                .forEach((id, definition) -> in.out().print(Decompiler.script(id, definition.config())));
        return 0;
    }
}
