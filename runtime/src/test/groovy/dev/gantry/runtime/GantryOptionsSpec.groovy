package dev.gantry.runtime

import dev.gantry.oci.OciDefaults
import dev.gantry.error.SourceMap
import dev.gantry.value.Definition
import java.nio.file.Path
import spock.lang.Specification

/** Options of the runtime and of a definition are what was given, with absolute paths. */
class GantryOptionsSpec extends Specification {
    def "options are a state root and, for tests, a failure"() {
        expect:
        with(GantryOptions.at(Path.of('/x'))) {
            root() == Path.of('/x')
            failAt() == OptionalInt.empty()
            failingAt(3).failAt() == OptionalInt.of(3)
            failingAt(3).root() == root()
        }
    }

    def "warnings go where one asks for them"() {
        given:
        def heard = []

        when:
        GantryOptions.at(Path.of('/x')).warning { heard << it }.onWarning().accept('mind the gap')

        then:
        heard == ['mind the gap']
    }

    def "a definition's bundle is absolute, whatever was given"() {
        given:
        def definition = Definition.of(OciDefaults.spec(), Path.of('a/../b'))

        expect:
        definition.bundle() == Path.of('b').toAbsolutePath()
        definition.sources() == SourceMap.NONE
    }
}
