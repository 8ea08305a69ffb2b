package dev.gantry.spec.support

import java.nio.file.Path

/** Runs `./gantry` as a user would, as a process of its own. */
class GantryCommand {
    static final Path LAUNCHER = Path.of('../gantry').toRealPath()

    final List<String> globals
    final Path directory
    Map<String, String> environment = System.getenv()
    Path program = LAUNCHER

    GantryCommand(Path stateRoot, Path directory) {
        this.globals = ['--root', stateRoot.toString()]
        this.directory = directory
    }

    /** The command with these arguments, to be run otherwise than by `run`. */
    Command command(Object... args) {
        new Command(program, globals, args.toList()).at(directory).exactly(environment)
    }

    Outcome run(String... args) {
        command(*args).input('').run()
    }
}
