package dev.gantry.spec

import dev.gantry.oci.OciConfig
import dev.gantry.spec.support.PropertyPaths
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Shared
import spock.lang.Specification

/**
 * Holds `docs/coverage.md` to what it says: a row for every property of the specification and every way to run a
 * process, a spec for every row.
 */
class CoverageSpec extends Specification {
    private static final List<String> OUTCOMES = ['honoured', 'refused', 'ignored']
    private static final String FEATURE = /(?m)^    def (?:"|')(.*)(?:"|')\(\) \{/

    /** The commands that make a process, or let one begin. */
    private static final Set<String> COMMANDS = ['run', 'run -d', 'run -d --console-socket', 'create',
                                                 'create --console-socket', 'start', 'exec', 'exec -t', 'exec -d',
                                                 'exec -d -t --console-socket', 'any']

    @Shared List<Map<String, String>> rows = table('| `').collect { cells ->
        [path: cells[1].replace('`', ''), outcome: cells[2].split(/[ ,]/)[0]] + proof(cells)
    }

    @Shared List<Map<String, String>> streams = table('| command `').collect { cells ->
        [command: cells[1] - 'command ', moment: cells[2]] + proof(cells)
    }

    /** Features by the name of their class, of all modules. */
    @Shared Map<String, Set<String>> features = ['native', 'runtime', 'dsl', 'repl', 'spec'].collectMany { module ->
        Files.walk(Path.of("../$module/src/test/groovy"))
            .withCloseable { walk -> walk.filter { it.toString() =~ /Spec.groovy$|\/unified\// }.toList() }
    }.collectEntries { file ->
        [file.fileName.toString() - '.groovy', (Files.readString(file) =~ FEATURE).collect { it[1] } as Set]
    }

    private static List<List<String>> table(String start) {
        Files.readAllLines(Path.of('../docs/coverage.md')).findAll { it.startsWith(start) }
            .collect { it.split(/\|/)*.trim() }
    }

    private static Map<String, String> proof(List<String> cells) {
        def proof = cells.last() =~ /^`(\w+)`: (.+)$/
        assert proof: "no spec in: $cells"
        [spec: proof[0][1], feature: proof[0][2]]
    }

    def "every property of the specification has one row, and no row is of another"() {
        given:
        def paths = PropertyPaths.of(OciConfig).findAll { !it.startsWith('vm.') } + 'vm'

        expect:
        rows*.path.sort() == paths.sort()
        paths.size() > 150
    }

    def "every row says what becomes of the property, and names a spec that is there: #row.path"() {
        expect:
        row.outcome in OUTCOMES
        features[row.spec]?.contains(row.feature)

        where:
        row << rows
    }

    def "every command that makes a process has rows of its streams"() {
        expect:
        streams*.command.collect { it.replace('`', '') } as Set == COMMANDS
        streams.collect { [it.command, it.moment] }.toSet().size() == streams.size()
        streams.every { it.moment && it.feature }
    }

    def "a row of streams names a spec that is there: #row.command #row.moment"() {
        expect:
        features[row.spec]?.contains(row.feature)

        where:
        row << streams
    }
}
