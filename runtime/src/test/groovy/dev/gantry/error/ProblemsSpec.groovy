package dev.gantry.error

import spock.lang.Specification

/** Problems are collected with their paths in the config and thrown together. */
class ProblemsSpec extends Specification {
    def problems = new Problems()

    def "nothing is thrown without an error"() {
        given:
        problems.warning('mounts[0]', 'odd')

        when:
        problems.throwIfAny()

        then:
        noExceptionThrown()
        !problems.isEmpty()
    }

    def "one error is one line, with its place and its hint"() {
        given:
        problems.warning('mounts[0]', 'odd')
        problems.error('linux.seccomp', 'no good', 'leave it out')

        when:
        problems.throwIfAny()

        then:
        def e = thrown(ConfigException)
        e.kind() == ErrorKind.CONFIG
        e.message == 'no good [linux.seccomp]'
        e.line() == 'no good [linux.seccomp]; hint: leave it out'
    }

    def "several errors are counted, listed on one line and kept as data"() {
        given:
        problems.error('root', 'is missing')
        problems.error('', 'is bad', 'mend it')

        when:
        problems.throwIfAny()

        then:
        def e = thrown(ConfigException)
        e.message == '2 problems: is missing [root]; is bad'
        e.hint().empty
        e.problems() == problems.errors()
        e.problems()*.hint() == [null, 'mend it']
    }

    def "the message of very many errors names the first twenty"() {
        given:
        23.times { problems.error("mounts[$it]", 'bad') }

        when:
        problems.throwIfAny()

        then:
        def e = thrown(ConfigException)
        e.message.startsWith('23 problems: bad [mounts[0]]; ')
        e.message.endsWith('; bad [mounts[19]]; and 3 more')
        e.problems().size() == 23
    }

    def "text that a terminal would act on is shown as #shown"() {
        expect:
        Shown.shortened(text) == shown

        where:
        text                           || shown
        'plain caf\u00e9'              || 'plain caf\u00e9'
        'a\u001b[2Jb'                  || 'a\\u001b[2Jb'
        'two\nlines'                   || 'two\\u000alines'
        '\u202egnp.sh'                 || '\\u202egnp.sh'
        '\u2028'                       || '\\u2028'
        '\ud83d\ude00'                 || '\ud83d\ude00'
        'x' * 39 + '\ud83d\ude00'       || 'x' * 39 + '...'
        'half \ud83d'                  || 'half \\ud83d'
        '\u009b31m \u007f \u0000'       || '\\u009b31m \\u007f \\u0000'
        '\udb40\udc41'                 || '\\udb40\\udc41'
        'x' * 40                       || 'x' * 40
        'x' * 41                       || 'x' * 40 + '...'
    }

    def "a path is written as #text"() {
        expect:
        path.toString() == text
        path.label() == label

        where:
        path                            || text                                       | label
        OciPath.DOCUMENT                || ''                                         | ''
        OciPath.DOCUMENT.member('root') || 'root'                                     | 'root'
        OciPath.DOCUMENT.member('mounts').item(3).member('source') ||
            'mounts[3].source'                         | 'source'
        OciPath.DOCUMENT.member('linux.resources').member('devices').item(0) ||
            'linux.resources.devices[0]'               | 'devices[0]'
        OciPath.DOCUMENT.member('linux').member('sysctl').entry('a.b') ||
            'linux.sysctl[a.b]'                        | 'sysctl[a.b]'
        OciPath.DOCUMENT.member('annotations').entry('x\n' + 'y' * 60) ||
            'annotations[x\\u000a' + 'y' * 33 + '...]' | 'annotations[x\\u000a' + 'y' * 33 + '...]'
    }
}
