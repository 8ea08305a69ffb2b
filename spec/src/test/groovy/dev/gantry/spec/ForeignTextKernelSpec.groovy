package dev.gantry.spec

import com.fasterxml.jackson.databind.ObjectMapper
import dev.gantry.spec.support.Busybox
import dev.gantry.spec.support.ScriptSpecification
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.lang.Shared
import spock.lang.Timeout

/** Nothing that a container, a script or a config wrote acts on the terminal of who reads Gantry's own words. */
@RequiresKernel(programs = ['busybox:busybox-static'])
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ForeignTextKernelSpec extends ScriptSpecification {
    /** Clears the screen, rings, colours by a C1 byte, turns the direction of writing. */
    private static final HOSTILE = '\u001b[2J\u0007\u009b31m\u202e'
    private static final ESCAPED = '\\u001b[2J\\u0007\\u009b31m\\u202e'
    /** The same in a string of a script. */
    private static final SAID = "'x" + ESCAPED + "y'"
    private static final PRINTED = 'x\\033[2J\\007\\302\\23331m\\342\\200\\256y'

    private static final ObjectMapper JSON = new ObjectMapper()

    @Shared Path bundle
    @Shared Path plain

    def setupSpec() {
        bundle = Files.createDirectories(dir.resolve("bundle$HOSTILE"))
        Busybox.rootfs(bundle.resolve('rootfs'))
        plain = Files.createDirectories(dir.resolve('plain'))
        ['proc', 'dev', 'sys'].each { Files.createDirectories(bundle.resolve("rootfs/$it")) }
    }

    private static boolean isHarmless(String text) {
        !text.codePoints().anyMatch { c ->
            c != (int) '\n' && c != (int) '\t' && (Character.getType(c) in [Character.CONTROL, Character.FORMAT])
        }
    }

    def "the words of a script's end are harmless: #what"() {
        when:
        def outcome = script(options, text)

        then:
        outcome.exit == status
        isHarmless(outcome.err)
        outcome.err.contains('x' + ESCAPED + 'y')
        outcome.out == ''

        where:
        what                          | options                  | text                                     || status
        'its own message'             | []                       | "throw new Exception($SAID)"             || 1
        'a mistake' | [] | "container('b') { hostname $SAID; process { cwd $SAID } }" ||
            1
        'a program that is not there' | []                       | "container('b') { }.start().exec($SAID)" || 127
        'the name of a step, in JSON' | ['--log-format', 'json'] | "step($SAID) { }"                        || 0
        'a handler that fails' | [] | "def b = container('b') { process { args 'true' } }\n" +
            "b.onExit { throw new Exception($SAID) }\nb.start()\nb.waitFor()\nsleep 300" ||
            0
        'a step of the plan that fails'| [] | "container('b') { rootfs empty(); process { args $SAID } }.start()" || 127
    }

    def "a stack trace is harmless"() {
        when:
        def outcome = gantry.run('--debug', 'run', file("throw new Exception($SAID)"))

        then:
        isHarmless(outcome.err)
        outcome.err.contains('java.lang.Exception: x' + ESCAPED + 'y\n\tat ')
    }

    def "of what a failed command wrote, a message leaves out what terminals act on"() {
        when:
        def outcome = script([], "container('b') { }.start().exec('sh', '-c', /printf '$PRINTED'; exit 3/).check()")

        then:
        outcome.exit == 3
        isHarmless(outcome.err)
        outcome.err.readLines()[1] == '  x\\u0007\\u202ey'
    }

    def "what somebody asked to see stays as it is: #what"() {
        expect:
        with(script([], text)) {
            exit == 0
            out == "x${HOSTILE}y"
            err == ''
        }

        where:
        what                     | text
        'a script prints'        | "print $SAID"
        'a shell prints'         | "container('b') { }.start().sh(/printf '$PRINTED'/)"
        'a command is shown'     | "container('b') { }.start().exec('printf', /$PRINTED/).tee()"
        'a first process prints' |
            "def b = container('b') { process { args 'printf', /$PRINTED/ } }\nb.start()\nb.waitFor()"
    }

    def "the commands on bundles are harmless too"() {
        given:
        config(['sh', '-c', 'sleep 1000; true', "x${HOSTILE}y".toString()])
        gantry.run('run', '--detach', '--bundle', bundle.toString(), 'box')

        expect:
        with(gantry.run('list')) {
            isHarmless(out)
            out.contains("bundle$ESCAPED ")
            out.readLines()[0].indexOf('CREATED') ==
                out.readLines()[1].indexOf("${java.time.Year.now(java.time.ZoneOffset.UTC)}-")
        }
        with(gantry.run('list', '--format', 'json')) {
            isHarmless(out)
            JSON.readTree(out).get(0).get('bundle').asText() == bundle.toString()
        }
        with(gantry.run('state', 'box')) {
            isHarmless(out)
            JSON.readTree(out).get('bundle').asText() == bundle.toString()
        }
        with(gantry.run('ps', 'box', '-o', 'pid,args')) {
            exit == 0
            isHarmless(out)
            out.contains('sleep 1000; true x')
        }

        cleanup:
        gantry.run('delete', '--force', 'box')
    }

    def "a word of the command line comes back as text: #args"() {
        when:
        def outcome = gantry.run(*args)

        then:
        outcome.exit != 0
        isHarmless(outcome.err)
        outcome.err.contains(ESCAPED)
        outcome.err.readLines().size() == 1

        where:
        args << [
            ["x$HOSTILE\nforged"], ["--x$HOSTILE"], ['run', "--x$HOSTILE"], ['state', "x$HOSTILE"], ['list', '-f',
            "x$HOSTILE\nforged"], ['run', '--bundle', "x$HOSTILE\nforged", 'y'], ["x${HOSTILE}\nforged.ctr.groovy"],
            ['run', '-P', "x$HOSTILE\nforged", 'x.ctr.groovy'], ['--log-format', "x$HOSTILE", 'list'],
            ['check', "x${HOSTILE}\nforged.ctr.groovy"], ['explain', "x${HOSTILE}\nforged"],
        ]
    }

    def "a config's text is harmless in #command"() {
        given:
        config(["x${HOSTILE}y".toString()])
        config(['x'], plain)

        when:
        def outcome = gantry.run(*command.collect { [BUNDLE: bundle, PLAIN: plain].getOrDefault(it, it).toString() })

        then:
        isHarmless(outcome.out + outcome.err)
        (outcome.out + outcome.err).contains('x' + ESCAPED + 'y')

        where:
        command << [['explain', 'BUNDLE'], ['decompile', 'BUNDLE'], ['run', '--bundle', 'BUNDLE', 'box'],
            ['diff', 'PLAIN', 'BUNDLE']]
    }

    def "the file of --log is harmless, and its JSON tells the same"() {
        given:
        config(["x${HOSTILE}y".toString()])
        def log = dir.resolve('log')
        Files.deleteIfExists(log)

        when:
        gantry.run('--log', log.toString(), '--log-format', format, 'run', '--bundle', bundle.toString(), 'box')

        then:
        isHarmless(Files.readString(log))
        Files.readString(log).contains('x' + ESCAPED.replace('\\', '\\\\') + 'y')
        format == 'text' || JSON.readTree(Files.readString(log)).get('msg').asText().contains('x' + ESCAPED + 'y')

        where:
        format << ['text', 'json']
    }

    private void config(List<String> args, Path where = bundle) {
        Files.deleteIfExists(where.resolve('config.json'))
        assert gantry.run('spec', '--bundle', where.toString()).exit == 0
        def file = where.resolve('config.json').toFile()
        def config = JSON.readValue(file, Map)
        config.process.terminal = false
        config.process.args = args
        JSON.writeValue(file, config)
    }
}
