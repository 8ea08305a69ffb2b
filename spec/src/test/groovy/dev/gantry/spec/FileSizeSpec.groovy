package dev.gantry.spec

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification

/** Files and methods of main code can be read whole: what grows too long is split by what it does; no line is wide. */
class FileSizeSpec extends Specification {
    private static final int MOST_LINES = 400
    private static final int MOST_LINES_OF_A_METHOD = 70
    private static final int MOST_COLUMNS = 120
    private static final int MOST_LINES_OF_A_SPEC = 600

    private static final List<Path> FILES = ['native', 'runtime', 'dsl', 'repl', 'spec'].collectMany { module ->
        Files.walk(Path.of("../$module/src/main"))
            .withCloseable { walk -> walk.filter { it =~ /\.(java|c|h)$/ }.toList() }
    }

    def "no file of main code is too long"() {
        expect:
        FILES.any { it =~ /\.c$/ }
        FILES.any { it =~ /\.java$/ }
        FILES.findAll { Files.readAllLines(it).size() > MOST_LINES } == []
    }

    def "no spec is too long"() {
        given:
        def specs = ['native', 'runtime', 'dsl', 'repl', 'spec'].collectMany { module ->
            Files.walk(Path.of("../$module/src/test"))
                .withCloseable { walk -> walk.filter { it =~ /\.(java|groovy)$/ }.toList() }
        }

        expect:
        specs.any { it =~ /FileSizeSpec/ }
        specs.findAll { Files.readAllLines(it).size() > MOST_LINES_OF_A_SPEC } == []
    }

    def "no line of Java, C or Groovy is too wide"() {
        given:
        def sources = ['native', 'runtime', 'dsl', 'repl', 'spec'].collect { "$it/src" } + ['scripts', 'examples']
        def files = sources.collectMany { place ->
            Files.walk(Path.of('..', place)).withCloseable { walk ->
                walk.filter { it =~ /\.(java|c|h|groovy)$/ }.toList()
            }
        }
        def found = files.collectMany { wide(it) }

        expect:
        found == []
        files.any { it =~ /bench\.c$/ }
        files.any { it =~ /Spec\.groovy$/ }
        files.any { it =~ /hello\.ctr\.groovy$/ }
    }

    def "no method of main code is too long"() {
        expect:
        FILES.findAll { it =~ /\.java$/ }
            .collectMany { file -> tooLong(Files.readAllLines(file)).collect { "$file: $it".toString() } } == []
    }

    def "a method of #lines lines is told: #told"() {
        given:
        def inside = ['        run();'] * (lines - 2)

        expect:
        tooLong(['final class A {', '    void a() {', *inside, '    }', '}']) == told

        where:
        lines                      || told
        MOST_LINES_OF_A_METHOD     || []
        MOST_LINES_OF_A_METHOD + 1 || ['void a() {']
    }

    private static List<String> wide(Path file) {
        Files.readAllLines(file).withIndex(1).findAll { line, number -> line.length() > MOST_COLUMNS }
                .collect { line, number -> "$file:$number".toString() }
    }

    /** The formatter puts a closing brace below the first letter of what it closes. */
    private static List<String> tooLong(List<String> lines) {
        def found = []
        lines.eachWithIndex { line, end ->
            def indent = line.takeWhile { it == ' ' }
            if (!indent || line.trim() != '}') return
            def start = (end - 1..0).find { lines[it] =~ /^$indent[^ }]/ }
            def isType = lines[start] =~ /\b(class|interface|enum|record)\b/
            if (!isType && end - start + 1 > MOST_LINES_OF_A_METHOD) found << lines[start].trim()
        }
        found
    }
}
