package dev.gantry.terminal

import spock.lang.Specification

/** The keys that detach from a terminal: how they are written, and what is found in what is typed. */
class DetachKeysSpec extends Specification {
    def "of `#typed` the process gets `#passed`, and the user leaves: #leaves"() {
        given:
        def keys = new DetachKeys()

        when: 'what is typed comes in pieces'
        def taken = typed.split(',').collect { keys.take(it.replace('P', '\u0010').replace('Q', '\u0011').bytes) }

        then:
        taken.collect { new String(it.passed()).replace('\u0010', 'P').replace('\u0011', 'Q') }.join('') == passed
        taken.any { it.leaves() } == leaves

        where:
        typed   || passed | leaves
        'ab'    || 'ab'   | false
        'P'     || ''     | false
        'P,a'   || 'Pa'   | false
        'Pa'    || 'Pa'   | false
        'Q'     || 'Q'    | false
        'aQ,P'  || 'aQ'   | false
        'PQ'    || ''     | true
        'aP,Qb' || 'a'    | true
        'PP,Q'  || 'P'    | true
        'PaQ'   || 'PaQ'  | false
    }
}
