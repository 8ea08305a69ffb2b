package dev.gantry.spec

import dev.gantry.runtime.Gantry
import dev.gantry.runtime.GantryOptions
import dev.gantry.spec.support.LeavesNoTrace
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.TimeUnit
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout
import spock.util.EmbeddedSpecRunner

/** `@Ctr` in specifications that Spock's embedded runner runs, each with containers of its own. */
@RequiresKernel
@LeavesNoTrace({ stateRoot })
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SpockFixturesKernelSpec extends Specification {
    static final Queue<String> SEEN = new ConcurrentLinkedQueue<>()

    private static final String WRONG_TYPE =
            'a field of type `String` takes no container; declare it as `LiveContainer` or `LivePod`'

    private static final String IMPORTS = """
            import dev.gantry.dsl.live.*
            import dev.gantry.fixture.FixtureScope
            import dev.gantry.spock.Ctr
            import spock.lang.*
            import static dev.gantry.spec.SpockFixturesKernelSpec.SEEN
            """

    @Shared @TempDir Path dir
    Path stateRoot = dir.resolve("state-${UUID.randomUUID()}")
    String earlier
    EmbeddedSpecRunner runner = new EmbeddedSpecRunner(throwFailure: false)

    def setup() {
        SEEN.clear()
        earlier = System.setProperty('gantry.fixture.root', "$stateRoot")
    }

    def cleanup() {
        if (earlier == null) {
            System.clearProperty('gantry.fixture.root')
        } else {
            System.setProperty('gantry.fixture.root', earlier)
        }
    }

    def "a container of a field is there from before setup until after cleanup, for each iteration"() {
        expect:
        failures('''
            @Ctr({ hostname 'first' }) LiveContainer box
            def setup() { SEEN << "setup ${box.status}".toString() }
            def cleanup() { SEEN << "cleanup ${box.status}".toString() }
            def "runs"() { expect: box.exec('hostname').out.trim() == 'first' && n > 0
                where: n << [1, 2] }''') == []
        SEEN as List == ['setup running', 'cleanup running'] * 2
        ids() == []
    }

    def "that of a shared field is one for all features, also in a subclass and stepwise"() {
        expect:
        messages(all('''
            abstract class Base extends Specification {
                @Ctr @Shared LiveContainer box
                def setupSpec() { SEEN << "setupSpec ${box.status}".toString() }
                def cleanupSpec() { SEEN << "cleanupSpec ${box.status}".toString() }
            }
            @Stepwise
            class Below extends Base {
                @Ctr LiveContainer second
                def "writes"() {
                    expect: !box.exec('touch', '/tmp/mark').exit
                    box.state.id() != second.state.id()
                }
                def "reads"() {
                    expect: box.fs['/tmp/mark'].exists()
                    !second.fs['/tmp/mark'].exists()
                }
            }''')) == []
        SEEN as List == ['setupSpec running', 'cleanupSpec running']
        ids() == []
    }

    def "a file gives containers and pods by their names"() {
        given:
        Files.writeString(dir.resolve('two.ctr.groovy'), '''
            container('a') { hostname 'host-a' }
            container('b') { hostname 'host-b' }
            pod('web') { share 'network'; container('server') { hostname 'host-s' } }''')

        expect:
        failures("""
            @Ctr(file = '$dir/two.ctr.groovy', name = 'b') LiveContainer box
            @Ctr(file = '$dir/two.ctr.groovy', name = 'web') LivePod web
            def "runs"() {
                expect: box.exec('hostname').out.trim() == 'host-b'
                web['server'].status == 'running'
            }""") == []
        ids() == []
    }

    def "containers that need others start after them, when those are ready"() {
        expect:
        failures('''
            @Ctr(value = { process { args 'sh', '-c', 'sleep 0.1; echo up; exec sleep 60' } }, ready = { log ~/up/ })
            LiveContainer db
            @Ctr(dependsOn = 'db') LiveContainer app
            def "runs"() { expect: db.logs == 'up\\n' && db.state.created() <= app.state.created() }''') == []
        ids() == []
    }

    def "one container serves all specifications of a run"() {
        expect:
        messages(all('''
            class One extends Specification {
                @Ctr(file = "FILE", scope = FixtureScope.RUN) LiveContainer box
                def "runs"() { expect: SEEN.add(box.state.id()) }
            }
            class Two extends Specification {
                @Ctr(file = "FILE", scope = FixtureScope.RUN) @Shared LiveContainer box
                def "runs"() { expect: SEEN.add(box.state.id()) }
            }'''.replace('FILE', one()))) == []
        SEEN.size() == 2
        (SEEN as Set).size() == 1
        ids() == []
    }

    def "features that run at the same time have containers of their own"() {
        given:
        runner.configurationScript {
            runner { parallel { enabled true; fixed(4) } }
        }

        expect:
        failures('''
            @Ctr LiveContainer box
            def "runs"() { expect: SEEN.add(box.state.id()) && n
                where: n << (1..12) }''') == []
        (SEEN as Set).size() == 12
        ids() == []
    }

    def "a failure shows what the container has said, and keeps all of it in files"() {
        when:
        def failure = ofBody('''
            @Ctr(value = { process { args 'sh', '-c', 'echo I am up; exec sleep 60' } }, ready = { log ~/up/ })
            LiveContainer box
            def "fails"() { expect: box.exec('false').exit == 0 }''').failures[0].exception

        then:
        failure.message.contains('box.exec(\'false\').exit == 0')
        failure.suppressed*.message == [
                'containers of `fails`, all in target/gantry/ASpec/fails\n  I am up\ncontainer `box` (running)']
        Files.readString(Path.of('target/gantry/ASpec/fails/box.log')) == 'I am up\n'
        Files.readString(Path.of('target/gantry/ASpec/fails/box.ps')).contains('sleep')
        ids() == []
    }

    def "what a file calls secret is in no report and no message: #what"() {
        given:
        Files.writeString(dir.resolve('secret.ctr.groovy'), """
            def token = secret('hunter' + '2')
            container('hidden') { process { env TOKEN: token; args $args } }""")

        when:
        def failure = ofBody("""
            @Ctr(file = '$dir/secret.ctr.groovy') LiveContainer box
            def "fails"() { expect: box.exec('false').exit == 0 }""").failures[0].exception
        def trace = new StringWriter().tap { failure.printStackTrace(new PrintWriter(it)) }.toString()
        def written = (Path.of('target/gantry/ASpec/fails').toFile().listFiles() ?: [])
            .findAll { it.name.startsWith('hidden') }

        then:
        failure.message.contains(message)
        !trace.contains('hunter2')
        what == 'a start that fails' || written.size() == 6
        written.every { !it.text.contains('hunter2') }
        ids() == []

        where:
        what                 | args                                          || message
        'a report'           | "'sh', '-c', 'echo \$TOKEN; exec sleep 60'" || 'exit == 0'
        'a start that fails' | "'/no/' + token"                              || '"/no/***": no such file'
    }

    def "a container that does not start fails the feature and leaves none of the others"() {
        when:
        def messages = failures('''
            @Ctr LiveContainer good
            @Ctr(value = { process { args '/no/such' } }, dependsOn = 'good') LiveContainer bad
            def "runs"() { expect: SEEN.add('ran') }''')

        then:
        messages.size() == 1
        messages[0].startsWith('@Ctr ASpec.bad: start `bad-')
        messages[0].contains('/no/such')
        SEEN.empty
        ids() == []
    }

    def "what cannot be is one message that names annotation and field: #message"() {
        expect:
        failures("$field\ndef \"runs\"() { expect: true }") == ["@Ctr ASpec.box: $message".replace('DIR', "$dir")]
        ids() == []

        where:
        field                                             | message
        '@Ctr String box'                                 | WRONG_TYPE
        '@Ctr LivePod box'                                | 'a pod needs a `file` that defines it'
        '@Ctr({ }) LivePod box'                           | 'a block defines a container; declare the field as ' +
            '`LiveContainer`'
        '@Ctr(value = { }, file = "x") LiveContainer box' | 'a block and `file` are given; say one of them'
        '@Ctr(file = "/no/such") LiveContainer box'       | 'there is no file `/no/such`'
        '@Ctr(String) LiveContainer box'                  | '`String` is neither a block nor a `Consumer<ContainerDsl>`'
        '@Ctr(ready = String) LiveContainer box'          | '`ready` takes a block such as `{ port 80 }`'
        '@Ctr(dependsOn = "x") LiveContainer box'         | '`dependsOn` names `x`, which is no field with @Ctr here'
        '@Ctr(dependsOn = "box") LiveContainer box'       | '`dependsOn` leads back to the field itself'
    }

    def "an unknown name is answered with those that a file has"() {
        expect:
        failures("@Ctr(file = '${one()}', name = 'other') LiveContainer box\ndef \"runs\"() { expect: true }") ==
                ["@Ctr ASpec.box: `${one()}` defines no container `other`, but `only`".toString()]
        failures("@Ctr(file = '${one()}') LivePod box\ndef \"runs\"() { expect: true }") ==
                ["@Ctr ASpec.box: `${one()}` defines no pod: none; say which by `name`".toString()]
    }

    def "a wrong word is reported as one, with the line of the specification"() {
        expect:
        failures('@Ctr({ hostnam "x" }) LiveContainer box\ndef "runs"() { expect: true }')[0] ==~
                /(?s)@Ctr ASpec.box: .*container: unknown keyword `hostnam`; did you mean `hostname`\?.*/
    }

    private String one() {
        "${Files.writeString(dir.resolve('one.ctr.groovy'), "container('only') { hostname 'x' }")}"
    }

    private List<String> failures(String body) {
        messages(ofBody(body))
    }

    private ofBody(String body) {
        all("class ASpec extends Specification {\n$body\n}")
    }

    private all(String text) {
        runner.run(IMPORTS + text)
    }

    private static List<String> messages(results) {
        results.failures*.exception.message
    }

    private List<String> ids() {
        Gantry.open(GantryOptions.at(stateRoot)).withCloseable { it.containers()*.id() }
    }
}
