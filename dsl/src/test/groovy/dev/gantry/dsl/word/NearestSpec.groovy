package dev.gantry.dsl.word

import spock.lang.Specification

/** The word that is proposed for a mistyped one. */
class NearestSpec extends Specification {
    def "who writes `#word` means #meant"() {
        expect:
        Nearest.to(word, ['memory', 'cpus', 'hostname', 'uts', 'user']).orElse(null) == meant

        where:
        word       || meant
        'memori'   || 'memory'
        'memroy'   || 'memory'
        'MEMORY'   || 'memory'
        'hostnam'  || 'hostname'
        'hsotanme' || 'hostname'
        'cpu'      || 'cpus'
        'utz'      || 'uts'
        'usr'      || 'user'
        'xyzzy'    || null
        ''         || null
    }
}
