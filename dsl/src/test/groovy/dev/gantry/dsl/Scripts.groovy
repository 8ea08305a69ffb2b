package dev.gantry.dsl

import dev.gantry.error.ContainerException
import dev.gantry.value.Definition
import java.nio.file.Files
import java.nio.file.Path

/** Runs the text of a script as users run a file of it, in a directory of its own. */
class Scripts {
    static final String NAME = 'x.ctr.groovy'
    /** The sample of the design, but for its checkpoint. */
    static final String DESIGN = Scripts.getResource('/design.ctr.groovy').text

    final Path dir
    final ByteArrayOutputStream printed = new ByteArrayOutputStream()

    Scripts(Path dir) {
        this.dir = dir
    }

    Path file(String text) {
        Files.writeString(dir.resolve(NAME), text)
    }

    /** Runs a script that needs no container. */
    int run(String text, List<String> args = []) {
        def noGantry = { throw new AssertionError((Object) 'no container is made here') }
        new ScriptRunner(noGantry, new PrintStream(printed, true)).withCloseable { it.run(file(text), args) }
    }

    Map<String, Definition> definitions(String text) {
        ScriptRunner.definitions(file(text), [])
    }

    /** Returns the definition that is the body of one container's block. */
    Definition container(String body) {
        definitions("container('box') {\n$body\n}")['box']
    }

    /** Returns all that a user is told about a script that is wrong, without the directory it is in. */
    String complaint(String text) {
        try {
            run(text)
            'no complaint'
        } catch (ContainerException e) {
            e.line().replace("$dir/", '')
        }
    }

    /** Returns what users are told in both modes; the text begins in line 2. */
    List<String> complaints(String text) {
        ['// checked', '// @dynamic'].collect { complaint("$it\n$text") }
    }

    /** Returns what a user is told of one mistake: its place, the line, and carets below what is wrong. */
    static String mistake(int line, String text, int column, int length, String what) {
        "$NAME:$line:$column: error: $what\n  $line | $text\n    | ${' ' * (column - 1)}${'^' * length}"
    }
}
