package dev.gantry.spec.support

import java.nio.file.Path

/** Programs of {@code src/test/c}, compiled so that they run anywhere. */
class CProgram {
    /** Compiles {@code NAME.c} to {@code dir/NAME} and returns its path. */
    static Path compile(String name, Path dir, String... options) {
        build(name, dir.resolve(name), ['-static', *options])
    }

    /** Compiles {@code NAME.c} to {@code dir/NAME.so}, to be loaded before a program, and returns its path. */
    static Path library(String name, Path dir) {
        build(name, dir.resolve("${name}.so"), ['-shared', '-fPIC'])
    }

    private static Path build(String name, Path program, List<String> options) {
        Command.ok('cc', '-Wall', '-Wextra', '-Werror', '-O1', options, '-o', program, "src/test/c/${name}.c")
        program
    }
}
