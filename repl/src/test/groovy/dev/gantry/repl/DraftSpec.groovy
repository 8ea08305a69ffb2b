package dev.gantry.repl

import spock.lang.Specification
import spock.lang.Timeout

/** The prompt's reading of unfinished text: what is open, where it is, and whether more must follow. */
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
        text << ['', '1 + 1', "'{'", '"("', '// {', '/* { */', "'it\\'s {'", 'a / b; c / d', '~/\\{/', '"${a}"',
            'x = /[/', "'open", '}', 'a // (\nb']
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

    def "a text that comes line by line is what it is as a whole: #text"() {
        given:
        def scan = new Draft.Scan(false)

        expect:
        text.readLines().withIndex().every { line, i ->
            scan.add(i == 0 ? line : "\n$line")
            scan.draft() == Draft.of(text.readLines().take(i + 1).join('\n')) &&
                scan.isUnfinished() == scan.draft().isUnfinished()
        }

        where:
        text << ["a {\n'b\\\nc' }\n", "\"\"\"\n\${ {\n}}\n\"\"\"", "/*\n*/ x(\n) // {\n[", "x = \$/\n/\$ {"]
    }

    @Timeout(10)
    def "long texts and deep ones are looked at in time"() {
        given:
        def scan = new Draft.Scan(false)

        when:
        200_000.times { scan.add('{ [ x\n') }

        then:
        scan.isUnfinished()
        Draft.blocksByPlace('x { ' * 100_000).lastEntry().value == ['x'] * 50
    }
}
