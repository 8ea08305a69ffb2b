package dev.gantry.spec.support

import java.nio.file.Path

/** Programs of {@code src/test/c}, compiled so that they run anywhere. */
class CProgram {
    /** Compiles {@code NAME.c} to {@code dir/NAME} and returns its path. */
    static Path compile(String name, Path dir, String... options) {
        def program = dir.resolve(name)
        def command = ['cc', '-static', '-Wall', '-Wextra', '-Werror', '-O1', *options, '-o', program.toString(), "src/test/c/${name}.c".toString()]
        def compiler = new ProcessBuilder(command).redirectErrorStream(true).start()
        def text = compiler.inputStream.text
        assert compiler.waitFor() == 0: text
        program
    }
}
