package dev.gantry.spec

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification

/** The table of known attacks keeps its word. */
class SecurityCoverageSpec extends Specification {
    private static final Path TABLE = Path.of('../docs/security-coverage.md')

    /** Every published id that concerns a runtime, runc, crun and youki, to November 2026. */
    private static final List<String> KNOWN = '''
        CVE-2016-3697 CVE-2016-9962 CVE-2019-5736 CVE-2019-16884 CVE-2019-19921 CVE-2021-30465 CVE-2021-43784
        CVE-2022-29162 CVE-2023-25809 CVE-2023-27561 CVE-2023-28642 CVE-2024-21626 CVE-2024-45310 GHSA-5g49-rx9x-qfc6
        CVE-2025-31133 CVE-2025-52565 CVE-2025-52881 CVE-2026-41579 CVE-2026-119101 CVE-2019-18837 CVE-2022-27650
        CVE-2025-24965 CVE-2026-30892 CVE-2026-47766 CVE-2026-84042 CVE-2026-88264 CVE-2026-88265 CVE-2026-115520
        CVE-2026-115521 CVE-2025-27612 CVE-2025-54867 CVE-2025-62161 CVE-2025-62596
        GHSA-3q8j-pf29-vwv8'''.split()*.trim().findAll()

    /** No spec can show what there is nothing of; these may stand in the second table, and no others. */
    private static final Set<String> WITHOUT_SPEC = ['CVE-2026-84042', 'CVE-2026-119101', 'CVE-2026-115520']

    private static List<List<String>> rows(int columns) {
        Files.readAllLines(TABLE).findAll { it.startsWith('| ') && !it.startsWith('| id') }
                .collect { it.substring(1, it.length() - 1).split(/\|/)*.trim() }.findAll { it.size() == columns }
    }

    def "every known id has a row"() {
        expect:
        KNOWN - (rows(4) + rows(2))*.get(0) == []
    }

    def "only what Gantry has nothing of goes without a spec"() {
        expect:
        rows(2)*.get(0) as Set == WITHOUT_SPEC
    }

    def "#id is shown by a feature of #spec"() {
        given:
        def files = ['.', '../runtime', '../native', '../dsl', '../repl'].collectMany { module ->
            Files.walk(Path.of(module, 'src/test/groovy')).withCloseable { walk ->
                walk.filter { it.fileName.toString() == "${spec}.groovy".toString() }.toList()
            }
        }

        expect:
        files.size() == 1
        Files.readAllLines(files[0]).any { it.contains('def "') && it.contains(feature) }

        where:
        [id, spec, feature] << rows(4).collect { [it[0], it[2], it[3]] }
    }
}
