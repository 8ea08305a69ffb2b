package dev.gantry.spec

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification

/** What the documents for contributors name is there. */
class DocumentsSpec extends Specification {
    private static final Path HOME = Path.of('..')
    private static final List<String> DOCUMENTS =
        ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/promises.md', 'docs/bench.md',
            'docs/recipes.md']

    private static final List<String> SOURCES = ['native', 'runtime', 'dsl', 'repl', 'spec'].collectMany { module ->
        Files.walk(HOME.resolve("$module/src")).withCloseable { walk -> walk.collect { it.fileName.toString() } }
    }

    def "the links of #document lead to files that are there"() {
        given:
        def text = Files.readString(HOME.resolve(document))
        def links = (text =~ /\]\(([^)#:]+)(?:#[^)]*)?\)/).collect { it[1] }

        expect:
        links.findAll { !Files.exists(HOME.resolve(document).resolveSibling(it)) } == []

        where:
        document << DOCUMENTS
    }

    def "the classes that answer a newcomer's questions are there"() {
        given:
        def questions = Files.readAllLines(HOME.resolve('ARCHITECTURE.md')).findAll { it =~ /^\| .*\? \| / }
        def named = questions.collectMany { (it =~ /`@?([A-Z]\w+)`/).collect { it[1] } }.toUnique()

        expect:
        questions.size() >= 12
        named.size() >= 30
        named.findAll { !("${it}.java".toString() in SOURCES) && !("${it}.groovy".toString() in SOURCES) } ==
            ['DelegatesTo']
    }

    def "the imports that docs/java.md shows are those of its code"() {
        given:
        def imports = { Path file -> Files.readAllLines(file).findAll { it.startsWith('import ') } }

        expect:
        imports(HOME.resolve('docs/java.md')) == imports(Path.of('src/test/java/dev/gantry/spec/Embedding.java'))
    }
}
