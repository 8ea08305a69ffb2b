package dev.gantry.cli.oci

import dev.gantry.cli.command.Invocation
import dev.gantry.cli.command.Opt
import dev.gantry.cli.command.UsageException
import dev.gantry.error.ContainerException
import dev.gantry.oci.Process
import dev.gantry.text.Secrets
import org.apache.commons.cli.DefaultParser
import org.apache.commons.cli.Options
import spock.lang.Specification
import spock.util.environment.RestoreSystemProperties

/** Which descriptors of the caller a process keeps. The first ten are open, as the launcher would say. */
@RestoreSystemProperties
class PreservedSpec extends Specification {
    private static final String SELF = ProcessHandle.current().pid()

    def setup() {
        System.setProperty('gantry.fds', '10')
    }

    def "with --preserve-fds #option and #environment there are #count, of which #listening listen"() {
        when:
        def preserved = Preserved.of(invocation(option), environment)

        then:
        [preserved.count(), preserved.listening()] == [count, listening]
        preserved.fds()*.number() == (count == 0 ? [] : (3..<3 + count))

        where:
        option | environment                            || count | listening
        null   | [:]                                    || 0     | 0
        '2'    | [:]                                    || 2     | 0
        null   | [LISTEN_FDS: '3', LISTEN_PID: SELF]    || 3     | 3
        '2'    | [LISTEN_FDS: '3', LISTEN_PID: SELF]    || 5     | 3
        '7'    | [:]                                    || 7     | 0
        null   | [LISTEN_FDS: '3', LISTEN_PID: '1']     || 0     | 0
        null   | [LISTEN_FDS: '3']                      || 0     | 0
        null   | [LISTEN_FDS: '-3', LISTEN_PID: SELF]   || 0     | 0
        null   | [LISTEN_FDS: '', LISTEN_PID: SELF]     || 0     | 0
    }

    def "one more than are open is refused by its number"() {
        when:
        Preserved.of(invocation('8'), [:])

        then:
        def e = thrown(ContainerException)
        e.line() == 'preserved descriptor 10: bad file descriptor (EBADF)'
    }

    def "`#text` is no number of descriptors"() {
        when:
        Preserved.of(invocation(text), [:])

        then:
        def e = thrown(UsageException)
        e.message == "invalid value for preserve-fds: `$text` is not a number"

        where:
        text << ['', 'x', '-1', '1.5', '1234567']
    }

    def "the process learns how many listen, and that they are meant for it"() {
        expect:
        new Preserved(count, listening).describedTo(Process.builder().env(['A=b']).build()).env() == env

        where:
        count | listening || env
        2     | 0         || ['A=b']
        2     | 2         || ['A=b', 'LISTEN_FDS=2', 'LISTEN_PID=1']
    }

    private static Invocation invocation(String option) {
        def options = new Options().addOption(Opt.value(null, 'preserve-fds', 'N', ''))
        def line = new DefaultParser()
            .parse(options, (option == null ? [] : ["--preserve-fds=$option".toString()]) as String[])
        new Invocation(line, line, [], null, null, null, null, new Secrets(), null)
    }
}
