package dev.gantry.spec.support

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir

/** Runs scripts by `./gantry` in a directory of their own; after each feature nothing may be left on the machine. */
@LeavesNoTrace({ stateRoot })
abstract class ScriptSpecification extends Specification {
    @Shared @TempDir Path dir
    Path stateRoot = dir.resolve("state-${UUID.randomUUID()}")
    GantryCommand gantry = new GantryCommand(stateRoot, dir)

    /** Runs a script with arguments of its own. */
    Outcome script(String text, String... args) {
        gantry.run(file(text), *args)
    }

    /** Runs a script with options of the command. */
    Outcome script(List<String> options, String text) {
        gantry.run('run', *options, file(text))
    }

    /** Writes a script and returns its name, by which the command finds it. */
    String file(String text, String name = 'x.ctr.groovy') {
        Files.writeString(dir.resolve(name), text)
        name
    }
}
