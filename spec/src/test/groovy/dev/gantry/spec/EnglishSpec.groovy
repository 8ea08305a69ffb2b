package dev.gantry.spec

import java.nio.file.Files
import java.nio.file.Path
import java.util.regex.Pattern
import spock.lang.Specification

/** The words that CONTRIBUTING.md lists as not to be written are in no main source and in no document. */
class EnglishSpec extends Specification {
    private static final Path HOME = Path.of('..')
    private static final List<String> MODULES = ['native', 'runtime', 'dsl', 'repl']
    private static final Pattern NOT = Pattern.compile([
        '(?:un)?customar(?:y|ily)', /anew\b/, /answers whether/, /whoever\b/, /(?:he|him|his|himself)\b/,
        /let(?:s|ting)? go of\b/, /@param \w+ told\b/, /(?:is|are) told (?:of|about|by)\b/
    ].collect { /(?<![\w.])/ + it }.join('|'), Pattern.CASE_INSENSITIVE)

    /** Messages that engines or scripts may read, word for word, and names of features. */
    private static final List<Pattern> ALLOWED = [~/^\s*(?:\S.*)?"nobody is told that/, ~/^\|.*Spec`? ?[:|]/]

    def "the #kind are in plain English"() {
        given:
        def files = read.size()
        def found = read.collectMany { wrong(it) }

        expect:
        found == []
        files > least

        where:
        kind        | read        | least
        'sources'   | sources()   | 400
        'documents' | documents() | 12
    }

    private static List<Path> sources() {
        MODULES.collectMany { module ->
            Files.walk(HOME.resolve("$module/src/main")).withCloseable { walk ->
                walk.filter { it.fileName.toString() =~ /\.(java|c|h)$/ }.toList()
            }
        }
    }

    private static List<Path> documents() {
        [HOME, HOME.resolve('docs'), HOME.resolve('docs/adr')].collectMany { directory ->
            Files.list(directory).withCloseable { list ->
                list.filter { it.fileName.toString() =~ /\.md$/ && !it.endsWith('CHANGELOG.md') }.toList()
            }
        }
    }

    private static List<String> wrong(Path file) {
        def table = file.endsWith('CONTRIBUTING.md')
        Files.readAllLines(file).withIndex(1).findAll { line, number ->
            line =~ NOT && !(table && line.startsWith('|')) && !ALLOWED.any { line =~ it }
        }.collect { line, number -> "${HOME.relativize(file)}:$number: ${line.trim()}".toString() }
    }
}
