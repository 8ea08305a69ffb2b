package dev.gantry.spec

import com.fasterxml.jackson.databind.ObjectMapper
import dev.gantry.spec.support.Busybox
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spec.support.HostSnapshot
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/** The command line on bundles, each command a process of its own. */
@RequiresKernel(programs = ['busybox:busybox-static', 'runc'])
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class CommandLineKernelSpec extends Specification {
    private static final ObjectMapper JSON = new ObjectMapper()
    @Shared @TempDir Path dir
    @Shared Path bundle
    private Path stateRoot
    private HostSnapshot before
    private GantryCommand gantry

    def setupSpec() {
        bundle = Files.createDirectories(dir.resolve('bundle'))
        Busybox.rootfs(bundle.resolve('rootfs'))
        ['proc', 'dev', 'sys'].each { Files.createDirectories(bundle.resolve("rootfs/$it")) }
    }

    def setup() {
        stateRoot = dir.resolve("state-${UUID.randomUUID()}")
        before = HostSnapshot.take(stateRoot)
        gantry = new GantryCommand(stateRoot, bundle)
        Files.deleteIfExists(bundle.resolve('config.json'))
    }

    def cleanup() {
        gantry.run('list', '-q').out.readLines().each { gantry.run('delete', '--force', it) }
        def after = HostSnapshot.take(stateRoot)
        assert after.mounts - before.mounts == [] as Set
        assert after.cgroups - before.cgroups == [] as Set
        assert after.processes - before.processes == [] as Set
        assert after.files - before.files == [] as Set
    }

    private static int call(Path directory, String... command) {
        def process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start()
        def text = process.inputStream.text
        assert process.waitFor() == 0: text
        0
    }

    private void edit(Closure change) {
        def file = bundle.resolve('config.json')
        def config = JSON.readValue(file.toFile(), Map)
        config.process.terminal = false
        change(config)
        JSON.writeValue(file.toFile(), config)
    }

    def "a running container is paused, observed, updated and resumed, each by a command"() {
        given:
        gantry.run('spec')
        edit { it.process.args = ['sleep', '100'] }
        gantry.run('run', '--detach', 'box')
        def pid = JSON.readTree(gantry.run('state', 'box').out).get('pid').asInt()

        expect: 'paused'
        gantry.run('pause', 'box').exit == 0
        JSON.readTree(gantry.run('state', 'box').out).get('status').asText() == 'paused'
        with(gantry.run('exec', 'box', 'true')) {
            exit == 255
            err.contains('cannot exec in a paused container')
        }
        gantry.run('resume', 'box').exit == 0
        with(gantry.run('resume', 'box')) {
            exit == 1
            err.contains('container not paused')
        }

        and: 'observed'
        gantry.run('ps', '--format', 'json', 'box').out == "[$pid]\n"
        gantry.run('ps', 'box').out.readLines().with { it[0].contains('PID') && it[1].endsWith('sleep 100') && it.size() == 2 }
        gantry.run('ps', 'box', '-e', '-x').out.readLines()[0].split().toList() == ['PID', 'TTY', 'STAT', 'TIME', 'COMMAND']
        with(gantry.run('events', '--stats', 'box').out) {
            startsWith('{"type":"stats","id":"box","data":{"cpu":{"usage":{"total":')
            JSON.readTree(it).at('/data/memory/usage/usage').asLong() > 0
            JSON.readTree(it).at('/data/pids/current').asInt() == 1
        }

        and: 'updated'
        gantry.run('update', 'box', '--memory', '50M', '--pids-limit', '20').exit == 0
        with(JSON.readTree(gantry.run('events', '--stats', 'box').out)) {
            at('/data/memory/usage/limit').asLong() == 50L << 20
            at('/data/pids/limit').asInt() == 20
        }
        with(gantry.run('update', '--cpu-period', '100', 'box')) {
            exit == 1
            err.contains('cpu.cfs_period_us')
            err.contains('[linux.resources.cpu.period]')
        }
        gantry.run('update', '--memory', 'lots', 'box').err == 'gantry: invalid value for memory: `lots` is not a size\n'
    }

    def "events end with the container, and tell that memory has run out"() {
        given:
        gantry.run('spec')
        edit {
            it.process.args = ['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=64M', 'count=9']
            it.linux.resources.memory = [limit: 16 << 20, swap: 16 << 20]
        }
        gantry.run('create', 'box')
        def events = new ProcessBuilder("$GantryCommand.LAUNCHER", '--root', "$stateRoot", 'events', '--interval', '100ms', 'box').start()
        def lines = events.inputReader()
        def first = lines.readLine()

        when:
        gantry.run('start', 'box')
        def rest = lines.readLines()

        then:
        first.startsWith('{"type":"stats","id":"box","data":')
        rest.contains('{"type":"oom","id":"box"}')
        events.waitFor() == 0
    }

    def "a bundle made by runc spec runs"() {
        given:
        call(bundle, 'runc', 'spec')
        edit { it.process.args = ['sh', '-c', 'echo "$(hostname) $$"; exit 7'] }

        when:
        def outcome = gantry.run('run', 'from-runc')

        then:
        outcome.exit == 7
        outcome.out == 'runc 1\n'
    }

    def "a bundle written by gantry spec runs under runc"() {
        given:
        assert gantry.run('spec').exit == 0
        edit { it.process.args = ['sh', '-c', 'echo "$(hostname) $$"; exit 7'] }

        when:
        def process = new ProcessBuilder('runc', '--root', dir.resolve('runc').toString(), 'run', 'from-gantry')
                .directory(bundle.toFile()).redirectErrorStream(true).start()
        def text = process.inputStream.text

        then:
        text == 'gantry 1\n'
        process.waitFor() == 7
    }

    def "spec does not overwrite"() {
        given:
        assert gantry.run('spec').exit == 0
        def written = Files.readString(bundle.resolve('config.json'))

        when:
        def again = gantry.run('spec')

        then:
        again.exit == 1
        again.err.contains('File config.json exists. Remove it first')
        Files.readString(bundle.resolve('config.json')) == written
    }

    def "explain prints one line a step with its origin, and makes nothing"() {
        given:
        call(bundle, 'runc', 'spec')

        when:
        def lines = gantry.run('explain', '.').out.readLines()

        then:
        lines.size() > 60
        lines.every { it =~ /^ *\d+  (runtime|init   )  \S.*  \[[a-zA-Z.\[\]0-9]+]$/ }
        lines.any { it.endsWith('init     mount `proc` on `/proc`  [mounts[0]]') }
        !Files.exists(stateRoot)
    }

    def "create, start, exec, kill and delete, each by a process of its own"() {
        given:
        gantry.run('spec')
        edit { it.process.args = ['sleep', '100'] }
        def pidFile = dir.resolve('pid')

        expect:
        gantry.run('create', '--pid-file', pidFile.toString(), 'c').toString() == 'exit 0\nout: \nerr: '
        state('c').status == 'created'
        state('c').pid == Files.readString(pidFile).toInteger()
        gantry.run('start', 'c').toString() == 'exit 0\nout: \nerr: '
        state('c').status == 'running'
        gantry.run('exec', 'c', 'sh', '-c', 'echo $0 "$@"; exit 5', '-x', '--root', 'y').with { [exit, out] } == [5, '-x --root y\n']
        gantry.run('exec', '--user', '1000:1000', '--cwd', '/tmp', '-e', 'A=b', 'c', 'sh', '-c', 'id -u; pwd; echo $A').out == '1000\n/tmp\nb\n'
        gantry.run('list').out.readLines()[1] =~ /^c +\d+ +running +\S+\/bundle +\S+Z +root$/
        gantry.run('list', '-f', 'json').out.startsWith('[{"ociVersion":"1.3.0","id":"c","pid":')
        gantry.run('delete', 'c').err.contains('cannot delete container c that is not stopped: running')
        gantry.run('kill', 'c', 'SIGKILL').exit == 0
        waitUntil { state('c').status == 'stopped' }
        state('c').pid == 0
        gantry.run('delete', 'c').exit == 0
        gantry.run('state', 'c').with { [exit, out] } == [1, '']
    }

    private Map state(String id) {
        JSON.readValue(gantry.run('state', id).out, Map)
    }

    private static boolean waitUntil(Closure<Boolean> condition) {
        for (int i = 0; i < 50; i++) {
            if (condition()) {
                return true
            }
            sleep(100)
        }
        false
    }

    def "`#args` fails with status #exit and one line"() {
        when:
        def outcome = gantry.run(*args)

        then:
        outcome.exit == exit
        outcome.err == message + '\n'
        outcome.out == ''

        where:
        args                             || exit | message
        ['start', 'none']                || 1    | 'gantry: container `none` does not exist; hint: see `gantry list`'
        ['state', 'none']                || 1    | 'gantry: container `none` does not exist; hint: see `gantry list`'
        ['exec', 'none', 'true']         || 255  | 'gantry: container `none` does not exist; hint: see `gantry list`'
        ['delete', 'none']               || 1    | 'gantry: container `none` does not exist; hint: see `gantry list`'
        ['kill', 'none', 'FOO']          || 1    | 'gantry: unknown signal `FOO`'
        ['state', '../../etc']           || 1    | 'gantry: invalid container ID format: `../../etc`; hint: letters, digits and `_+-.`, not beginning with a dot'
        ['start']                        || 1    | 'gantry: `CONTAINER` is missing'
        ['run', 'x', 'y']                || 1    | 'gantry: unexpected argument `y`'
        ['run', '--bogus', 'x']          || 1    | 'gantry: unrecognized option: --bogus'
        ['frobnicate']                   || 3    | "gantry: No help topic for 'frobnicate'; see `gantry --help`"
        ['/no/such.ctr.groovy']          || 1    | 'gantry: no such script: `/no/such.ctr.groovy`'
    }

    def "delete --force of what is not there is no error"() {
        expect:
        gantry.run('delete', '--force', 'none').toString() == 'exit 0\nout: \nerr: '
    }

    def "help of #command names program and command"() {
        expect:
        gantry.run(command, '--help').with { exit == 0 && out.startsWith("NAME:\n   gantry $command - ") && err == '' }

        where:
        command << ['create', 'delete', 'exec', 'explain', 'kill', 'list', 'run', 'spec', 'start', 'state']
    }

    def "signals to the command reach the program"() {
        given:
        gantry.run('spec')
        edit { it.process.args = ['sh', '-c', 'trap "echo got it; exit 3" TERM; echo ready; while :; do sleep 0.1; done'] }
        def process = new ProcessBuilder(GantryCommand.LAUNCHER.toString(), *gantry.globals, 'run', 'c').directory(bundle.toFile()).start()
        def output = process.inputStream.newReader()
        assert output.readLine() == 'ready'

        when:
        new ProcessBuilder('kill', "${process.pid()}").start().waitFor() // destroy() would close the streams too

        then:
        output.readLine() == 'got it'
        process.waitFor() == 3
    }

    def "a program in a terminal sees one, of the caller's size, and its status comes back"() {
        given:
        gantry.run('spec')
        edit {
            it.process.terminal = true
            it.process.args = ['sh', '-c', 'tty; stty size; stat -c %t:%T /dev/console; exit 9']
        }
        def command = (['stty', 'rows', '33', 'cols', '77', '&&', GantryCommand.LAUNCHER] + gantry.globals + ['run', 'c']).join(' ')

        when: 'script(1) gives the command a terminal of its own'
        def process = new ProcessBuilder('script', '-qec', command, '/dev/null').directory(bundle.toFile()).redirectErrorStream(true).start()
        def lines = process.inputStream.text.readLines()*.trim()

        then:
        lines == ['/dev/pts/0', '33 77', '88:0'] // the first of devpts
        process.waitFor() == 9
    }
}
