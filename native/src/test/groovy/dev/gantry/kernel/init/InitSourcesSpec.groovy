package dev.gantry.kernel.init

import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir

/** The files of `gantry-init` lie in layers: what one uses of another, no way leads back from. */
class InitSourcesSpec extends Specification {
    private static final Path SOURCES = Path.of('src/main/c').toAbsolutePath()
    private static final String WIRE = "-I${Path.of('target/wire').toAbsolutePath()}"

    @TempDir Path dir

    def "no file uses another that uses it, be it through others"() {
        given:
        def files = SOURCES.toFile().listFiles().findAll { it.name.endsWith('.c') }
        run('cc', '-std=gnu11', '-c', WIRE, *files)

        when:
        def definedIn = [:]
        def undefined = [:].withDefault { [] }
        files*.name.each { file ->
            run('nm', file.replaceAll(/c$/, 'o')).eachLine { line ->
                def (kind, symbol) = line.tokenize()[-2, -1]
                kind == 'U' ? undefined[file] << symbol : kind == kind.toUpperCase() ? definedIn[symbol] = file : null
            }
        }
        def uses = files*.name.collectEntries { file ->
            [(file): undefined[file].collect { definedIn[it] }.findAll { it != null && it != file } as Set]
        }

        then:
        uses['gantry-init.c'].size() > 5
        cycles(uses) == [] as Set
    }

    def "no line of them is wider than 120 columns"() {
        expect:
        SOURCES.toFile().listFiles().collectMany { file ->
            file.readLines().findAll { it.length() > 120 }.collect { "$file.name: $it".toString() }
        } == []
    }

    def "a cycle is found: #uses"() {
        expect:
        cycles(uses) == files as Set

        where:
        uses                                                 || files
        [a: ['b'], b: ['c'], c: []]                          || []
        [a: ['b'], b: ['a']]                            ||      ['a', 'b']
        [a: ['b'], b: ['c', 'd'], c: ['b'], d: []]      || ['b', 'c']
        [a: ['b'], b: ['c'], c: ['d'], d: ['b', 'e'], e: []] || ['b', 'c', 'd']
    }

    /** Returns the files that use themselves through others. */
    private static Set cycles(Map uses) {
        uses.keySet().findAll { file -> file in reached(uses, file) }
    }

    private static Set reached(Map uses, String from) {
        def reached = [] as Set
        def next = [from]
        while (next) {
            uses[next.pop()].each { if (reached.add(it)) next << it }
        }
        reached
    }

    private String run(Object... command) {
        def process = new ProcessBuilder(command*.toString()).directory(dir.toFile()).redirectErrorStream(true).start()
        def text = process.inputStream.text
        assert process.waitFor() == 0: text
        text
    }
}
