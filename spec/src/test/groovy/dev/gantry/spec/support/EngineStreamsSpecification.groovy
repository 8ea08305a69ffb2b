package dev.gantry.spec.support

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Shared
import spock.util.concurrent.PollingConditions

/**
 * An engine whose containers have the standard streams that they have with runc: through pipes, at terminals, closed by
 * the caller.
 */
abstract class EngineStreamsSpecification extends EngineSpecification {
    protected static final Map<String,
        String> RUNTIMES = [gantry: GantryCommand.LAUNCHER.toString(), runc: '/usr/sbin/runc']

    /** What containers have as `/seen`. */
    @Shared protected Path seen

    def setupSpec() {
        seen = Files.createDirectories(dir.resolve('seen'))
    }

    /**
     * How the engine runs a command in a container with a runtime: words of a shell before the command, with `-i` and
     * `-t` if it knows them.
     */
    protected abstract Map<String, Closure<String>> ways(String runtime)

    /** Whether the engine passes on what one stream brings when it cannot write what another one does. */
    protected boolean passesOnWhatIsOpen() {
        true
    }

    /** Does the same with both runtimes. */
    protected Map<String, ?> both(Closure<?> action) {
        RUNTIMES.keySet().collectEntries { [it, action(it)] }
    }

    protected String line(String runtime, String way, String options, String script) {
        "${ways(runtime)[way](options)} sh -c '$script'"
    }

    protected Outcome shell(String script) {
        run('sh', '-c', script)
    }

    /**
     * Pipes what a command writes into a line of shell. Its end waits for the container: ctr forgets an earlier one,
     * with runc too.
     */
    protected Outcome fed(String input, String script) {
        Files.deleteIfExists(seen.resolve('ready'))
        shell("{ $input; until [ -e $seen/ready ]; do sleep 0.1; done; sleep 0.5; } | $script")
    }

    /**
     * Runs a line of shell at a terminal of its own; what is given is typed when the container made the file `ready`.
     */
    protected Outcome atTerminal(String script, String typed = '') {
        def outcome = attend(['script', '-qec', script, '/dev/null']) { keyboard ->
            if (typed) {
                new PollingConditions(timeout: 30).eventually {
                    assert Files.exists(seen.resolve('ready'))
                }
                keyboard << typed
                keyboard.flush()
            }
        }
        new Outcome(outcome.exit, outcome.out.replace('\r', ''), outcome.err)
    }

    def "pipes lead to the process and from it: #way"() {
        when:
        def told = both { runtime ->
            def outcome = fed("printf 'one\\ntwo\\n'",
                "{ ${line(runtime, way, '-i', 'echo >/seen/ready; cat; echo out; echo err >&2; exit 3')}; " +
                "echo status \$?; } | cat")
            [outcome.out, outcome.err.readLines().count('err')]
        }

        then:
        told.gantry == ['one\ntwo\nout\nstatus 3\n', 1]
        told.gantry == told.runc

        where:
        way << ways('gantry').keySet()
    }

    def "nothing is lost of what is much, in either direction: #way"() {
        given:
        def sum = shell('seq 1 100000 | cksum').out

        expect:
        both { fed('seq 1 100000', "${line(it, way, '-i', 'echo >/seen/ready; cat')} | cksum").out } ==
            [gantry: sum, runc: sum]

        where:
        way << ways('gantry').keySet()
    }

    protected Map<String, ?> shown(String way, String script, String reader) {
        both { runtime ->
            def outcome =
                atTerminal("stty rows 17 cols 71; { ${line(runtime, way, '-t', script)}; echo status \$?; } $reader")
            outcome.out.readLines().findAll { it in ['/dev/pts/0', 'shown'] || it.startsWith('status') }
        }
    }

    def "a process at a terminal has one of the caller's size: #way"() {
        when:
        def told = shown(way, 'tty; until [ "$(stty size)" = "17 71" ]; do sleep 0.1; done; echo shown; exit 4', '')

        then:
        told.gantry == ['/dev/pts/0', 'shown', 'status 4']
        told.gantry == told.runc

        where:
        way << ways('gantry').keySet()
    }

    def "what is written to a terminal is read through a pipe: #way"() {
        when:
        def told = shown(way, 'tty; echo shown; exit 4', '| cat')

        then:
        told.gantry == ['/dev/pts/0', 'shown', 'status 4']
        told.gantry == told.runc

        where:
        way << ways('gantry').keySet()
    }

    def "what is typed arrives: #way"() {
        when:
        def told = both { runtime ->
            Files.deleteIfExists(seen.resolve('ready'))
            atTerminal(line(runtime, way, '-i -t', 'stty -echo; echo >/seen/ready; read a; echo got $a; exit 5'),
                'typed\r')
                    .with { [exit, out.readLines().count('got typed')] }
        }

        then:
        told.gantry == [5, 1]
        told.gantry == told.runc

        where:
        way << ways('gantry').keySet()
    }

    def "with descriptors that the caller closed a process has its streams and no others: #way #closed"() {
        given:
        def script = 'sh -c "for i in /proc/$$/fd/*; do readlink \\$i; done >/seen/held"; echo out; echo err >&2; ' +
            'exit 3'

        when:
        def told = both { runtime ->
            Files.deleteIfExists(seen.resolve('held'))
            def outcome = shell("${line(runtime, way, '', script)} $closed")
            [outcome.exit, *(passesOnWhatIsOpen() ? [outcome.out, outcome.err.readLines().count('err')] : []),
                Files.readAllLines(seen.resolve('held')).collect { it.replaceAll(/:.*/, '') }]
        }

        then:
        told.gantry == told.runc
        told.gantry.last().size() == 3
        told.gantry.last().every { it in ['/dev/null', 'pipe'] }

        where:
        [way, closed] << [ways('gantry').keySet(), ['<&-', '>&-', '2>&-', '<&- >&- 2>&-']].combinations()
    }
}
