package dev.gantry.spec

import dev.gantry.oci.OciConfig
import dev.gantry.spec.support.PropertyPaths
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Shared
import spock.lang.Specification

/** Holds `docs/coverage.md` to what it says: a row for every property of the specification, a spec for every row. */
class CoverageSpec extends Specification {
    private static final List<String> OUTCOMES = ['honoured', 'refused', 'ignored']
    private static final String FEATURE = /(?m)^    def (?:"|')(.*)(?:"|')\(\) \{/

    @Shared List<Map<String, String>> rows = Files.readAllLines(Path.of('../docs/coverage.md'))
            .findAll { it.startsWith('| `') }
            .collect { line ->
                def cells = line.split(/\|/)*.trim()
                def proof = cells[3] =~ /^`(\w+)`: (.+)$/
                assert proof: "no spec in: $line"
                [path: cells[1].replace('`', ''), outcome: cells[2].split(/[ ,]/)[0], spec: proof[0][1], feature: proof[0][2]]
            }

    /** Features by the name of their class, of all modules. */
    @Shared Map<String, Set<String>> features = ['native', 'runtime', 'dsl', 'repl', 'spec'].collectMany { module ->
        Files.walk(Path.of("../$module/src/test/groovy")).withCloseable { walk -> walk.filter { it.toString() =~ /Spec.groovy$|\/unified\// }.toList() }
    }.collectEntries { file -> [file.fileName.toString() - '.groovy', (Files.readString(file) =~ FEATURE).collect { it[1] } as Set] }

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
}
