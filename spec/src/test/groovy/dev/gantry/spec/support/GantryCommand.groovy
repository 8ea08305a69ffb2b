package dev.gantry.spec.support

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit

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

    /** What a command printed and how it ended. */
    static class Outcome {
        int exit
        String out
        String err

        @Override
        String toString() {
            "exit $exit\nout: $out\nerr: $err"
        }
    }

    Outcome run(String... args) {
        def out = Files.createTempFile('gantry', 'out')
        def err = Files.createTempFile('gantry', 'err')
        try {
            def builder = new ProcessBuilder([program.toString()] + globals + args.toList())
            builder.environment().clear()
            builder.environment().putAll(environment)
            def process = builder.directory(directory.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile()).start()
            process.outputStream.close()
            assert process.waitFor(60, TimeUnit.SECONDS): "gantry ${args} did not end"
            new Outcome(exit: process.exitValue(), out: Files.readString(out), err: Files.readString(err))
        } finally {
            Files.delete(out)
            Files.delete(err)
        }
    }
}
