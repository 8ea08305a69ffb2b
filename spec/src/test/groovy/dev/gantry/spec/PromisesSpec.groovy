package dev.gantry.spec

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Shared
import spock.lang.Specification

/** Each promise of `docs/promises.md` is held by a spec that is there. */
class PromisesSpec extends Specification {
    private static final List<String> MODULES = ['native', 'runtime', 'dsl', 'repl', 'spec']
    private static final int LEAST = 40

    /** Names of features by the name of their class. */
    @Shared Map<String, List<String>> features = MODULES.collectMany { module ->
        Files.walk(Path.of("../$module/src/test/groovy"))
            .withCloseable { walk -> walk.filter { it.toString().endsWith('Spec.groovy') }.toList() }
    }.collectEntries { file ->
        [file.fileName.toString() - '.groovy', Files.readAllLines(file).findAll { it =~ /^    def ["']/ }]
    }

    private static List<List<String>> rows() {
        Files.readAllLines(Path.of('../docs/promises.md')).findAll { it =~ /^\| (?!promise )/ }
                .collect { it.substring(1, it.length() - 1).split(/\|/)*.trim() }
    }

    def "#promise: #spec"() {
        expect:
        features[spec]?.count { it.contains(feature) } == 1

        where:
        [promise, spec, feature] << rows()
    }

    def "no promise is made twice, and none is taken back in silence"() {
        expect:
        rows()*.first().toSet().size() == rows().size()
        rows().size() >= LEAST
        rows().every { it.size() == 3 && it.every() }
    }
}
