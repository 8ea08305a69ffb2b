package dev.gantry.repl

import spock.lang.Specification

class DraftSpec extends Specification {
    def "more must follow: #text"() {
        expect:
        Draft.of(text).isUnfinished()
        Draft.of(text).missing() == missing

        where:
        text                                   || missing
        "container('web') {"                   || '}'
        "container('web') {\n  process {"      || '}}'
        'f(1,'                                 || ')'
        '[a: 1,'                               || ']'
        '"""abc'                               || '"""'
        "'''abc"                               || "'''"
        '/* why'                               || '*/'
        '"${a.collect {'                       || '}}"'
        'def s = $/a'                          || '/$'
    }

    def "the text is whole: #text"() {
        expect:
        !Draft.of(text).isUnfinished()

        where:
        text << ['', '1 + 1', "'{'", '"("', '// {', '/* { */', "'it\\'s {'", 'a / b; c / d', '~/\\{/', '"${a}"', 'x = /[/', "'open", '}', 'a // (\nb']
    }

    def "the blocks around the end are known by their words: #text"() {
        expect:
        Draft.of(text).blocks() == blocks

        where:
        text                                                  || blocks
        "container('a') { process { capabilities { "          || ['container', 'process', 'capabilities']
        "container('a') { process { } "                       || ['container']
        "def b = container('a') {\n mounts {\n"               || ['container', 'mounts']
        "container 'a', {"                                    || []
        '[1, 2].each { '                                      || ['each']
    }
}
