package dev.gantry.plan

import spock.lang.Specification

/** Propagation of mounts, by their options. */
class PropagationSpec extends Specification {
    def "`#word` is MS_ bit #bit"() {
        given:
        def propagation = Propagation.of(word).get()

        expect:
        propagation.flag() == 1 << bit
        propagation.recursive() == word.startsWith('r')

        where:
        word          || bit
        'unbindable'  || 17
        'private'     || 18
        'slave'       || 19
        'shared'      || 20
        'runbindable' || 17
        'rprivate'    || 18
        'rslave'      || 19
        'rshared'     || 20
    }

    def "`#word` is none"() {
        expect:
        Propagation.of(word).isEmpty()

        where:
        word << ['', 'unchanged', 'SHARED', 'rbind']
    }

    def "left as it is, there is no bit"() {
        expect:
        Propagation.UNCHANGED.flag() == 0
        !Propagation.UNCHANGED.recursive()
    }
}
