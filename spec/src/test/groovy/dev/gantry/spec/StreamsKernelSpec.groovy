package dev.gantry.spec

import com.fasterxml.jackson.databind.ObjectMapper
import dev.gantry.spec.support.Busybox
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spec.support.Outcome
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout
import spock.util.concurrent.PollingConditions

/**
 * Who holds which descriptor: standard streams of commands with and without a terminal, redirected, closed, handed
 * over.
 */
@RequiresKernel(programs = ['busybox:busybox-static', 'runc', 'script:bsdutils', 'setsid:util-linux', 'python3'])
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StreamsKernelSpec extends Specification {
    private static final ObjectMapper JSON = new ObjectMapper()
    private static final String GANTRY = GantryCommand.LAUNCHER.toString()

    /** Takes a terminal on a console socket, and keeps it until its own input is at its end. */
    private static final String KEEPER = '''
import array, socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
print("listening", flush=True)
peer = listener.accept()[0]
peer.recvmsg(4096, socket.CMSG_SPACE(16))
print("taken", flush=True)
sys.stdin.read()
'''

    @Shared @TempDir Path dir
    @Shared private int counter

    def setupSpec() {
        Busybox.rootfs(dir.resolve('rootfs'))
        ['proc', 'dev', 'sys'].each { Files.createDirectories(dir.resolve("rootfs/$it")) }
        assert sh("$GANTRY spec -b $dir").exit == 0
        Files.createFile(dir.resolve('empty'))
        configure(false, 'sleep', '1000')
        [GANTRY, 'runc'].each {
            assert sh("$it --root $dir/${name(it)} run -d -b $dir idle </dev/null >/dev/null 2>&1").exit == 0
        }
    }

    def cleanupSpec() {
        [GANTRY, 'runc'].each { sh("$it --root $dir/${name(it)} delete -f idle") }
    }

    private static String name(String runtime) {
        Path.of(runtime).fileName
    }

    private void configure(boolean terminal, String... args) {
        def file = dir.resolve('config.json').toFile()
        def config = JSON.readValue(file, Map)
        config.process.terminal = terminal
        config.process.args = args.toList()
        config.process.remove('rlimits')
        config.root.readonly = false
        JSON.writeValue(file, config)
    }

    private Outcome sh(String script) {
        run('sh', '-c', script)
    }

    /**
     * Runs a line of shell with a terminal of its own as controlling one and as streams 0, 1 and 2; returns what it
     * showed.
     */
    private Outcome atTerminal(String script) {
        run('script', '-qec', script, '/dev/null')
    }

    private Outcome run(String... command) {
        def n = counter++
        def out = dir.resolve("out$n").toFile()
        def err = dir.resolve("err$n").toFile()
        def process = new ProcessBuilder(command).redirectOutput(out).redirectError(err).start()
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.descendants().forEach { it.destroyForcibly() }
            process.destroyForcibly()
            assert false: "${command.toList()} does not end: ${out.text} ${err.text}"
        }
        process.outputStream.close() // not before: script(1) would type an end of file
        new Outcome(exit: process.exitValue(), out: out.text.replace('\r', ''), err: err.text)
    }

    private String exec(String runtime, String options, String command) {
        "$runtime --root $dir/${name(runtime)} exec $options idle $command"
    }

    def "what a process writes to its terminal is the output of the command: #options of #runtime"() {
        given:
        def file = dir.resolve("file${counter++}").toString()

        when:
        def screen = atTerminal("${exec(runtime, options, 'echo in')} >$file")

        then:
        screen.exit == 0
        screen.out == ''
        new File(file).text == 'in\n'

        and:
        atTerminal("x=\$(${exec(runtime, options, 'echo in')}); echo \"<\$x>\"").out == '<in>\n'

        where:
        [runtime, options] << [[GANTRY, 'runc'], ['-t', '']].combinations()
    }

    def "the output of a container with a terminal is that of run"() {
        given:
        configure(true, 'sh', '-c', 'tty; exit 4')
        def file = dir.resolve("file${counter++}").toString()

        when:
        def screen = atTerminal("$GANTRY --root $dir/state run -b $dir box >$file")

        then:
        screen.exit == 4
        screen.out == ''
        new File(file).text == '/dev/pts/0\n'
    }

    def "what a process reads from its terminal is the input of the command, with #runtime"() {
        expect:
        atTerminal("echo 'exit 3' | ${exec(runtime, '-t', 'sh')}").exit == 3
        atTerminal("echo said | ${exec(runtime, '-t', "sh -c 'stty -echo; read a; echo got \$a'")} | cat")
            .out.contains('got said\n')

        where:
        runtime << [GANTRY, 'runc']
    }

    def "a process with a terminal goes on when the input is at its end: #input"() {
        expect:
        atTerminal("cd $dir; ${exec(GANTRY, '-t', "sh -c 'sleep 1; echo later'")} $input").out == 'later\n'

        where:
        input << ['</dev/null', '<&-', '<empty', '<.']
    }

    def "modes and size are the caller's terminal's, which gets its modes back, with any streams: #redirections"() {
        given:
        def file = dir.resolve("file${counter++}").toString()

        when:
        def screen = atTerminal("stty rows 17 cols 71; before=\$(stty -g); " +
            "${exec(GANTRY, '-t', 'stty size')} $redirections >$file; test \"\$before\" = \"\$(stty -g)\" && echo same")

        then:
        screen.out == 'same\n'
        new File(file).text == '17 71\n'

        where:
        redirections << ['', '</dev/null', '2>/dev/null', '</dev/null 2>/dev/null', '<&- 2>&-', '</dev/null 2>&1']
    }

    def "a terminal as a stream will do if none controls the command; without one the error says what to leave out"() {
        expect:
        atTerminal("setsid -w ${exec(GANTRY, '-t', 'tty')} | cat").out == '/dev/pts/0\n'
        with(sh("setsid -w ${exec(GANTRY, '-t', 'tty')}")) {
            exit == 255
            err == 'gantry: exec failed: the process wants a terminal, and none is here; hint: leave out `-t`\n'
        }
    }

    def "a standard stream that the caller closed is the null device inside, and nothing of the runtime's: #closed"() {
        when:
        def look = "sh -c 'for i in 0 1 2; do test /proc/self/fd/\$i -ef /dev/null && echo \$i >>/shown; done; true'"
        def outcome = sh("${exec(GANTRY, '', look)} $closed")

        then:
        outcome.exit == 0
        new File("$dir/rootfs/shown").readLines().containsAll(shown)

        cleanup:
        new File("$dir/rootfs/shown").delete()

        where:
        closed         || shown
        '<&-'          || ['0']
        '>&-'          || ['1']
        '2>&-'         || ['2']
        '<&- >&- 2>&-' || ['0', '1', '2']
    }

    def "#signal to a command ends a process with a terminal whose input stays open"() {
        given:
        def out = dir.resolve("file${counter++}").toString()
        def command = exec(GANTRY, '-t', "sh -c 'echo up; exec sleep 1000'")

        expect:
        atTerminal("mkfifo ${out}.in; exec 9<>${out}.in; $command <&9 >$out & until grep -qs up $out; do :; done; " +
            "kill -$signal \$!; wait \$!; echo status \$?")
                .out == "status $status\n"

        where:
        signal | status
        'TERM' | 143
        'HUP'  | 129
        'USR1' | 138
    }

    def "a command ends when nobody reads its output any more"() {
        expect:
        atTerminal("${exec(GANTRY, '-t', 'busybox yes')} | head -n 2").out == 'y\ny\n'
    }

    def "neither direction waits for the other: a process may write much before it reads, and both at a time"() {
        given:
        def reader = exec(GANTRY, '-t', "sh -c 'stty -icanon -echo min 1; echo >/raw; " +
            "dd bs=1000 count=1200 iflag=fullblock 2>/dev/null'")

        expect:
        atTerminal("{ until [ -e $dir/rootfs/raw ]; do :; done; seq 1 200000; } | $reader | tail -c 1200000 | cksum")
            .out ==
                sh('seq 1 200000 | head -c 1200000 | cksum').out
    }

    def "what a process writes arrives though it never reads its input, #more bytes more than its terminal holds"() {
        given:
        Files.deleteIfExists(dir.resolve('rootfs/raw'))
        def writer = exec(GANTRY, '-t', "sh -c 'stty raw -echo; echo >/raw; busybox seq 1 100000'")

        expect:
        atTerminal("{ until [ -e $dir/rootfs/raw ]; do :; done; head -c \$((100000 + $more)) /dev/zero; " +
            "} | $writer | tail -n 1").out == '100000\n'

        where:
        more << [0, 777, 1500]
    }

    def "a command ends with its process, though others hold the terminal, and loses nothing of what was written"() {
        expect:
        10.times {
            assert atTerminal("${exec(GANTRY, '-t', "sh -c 'sleep 1000 & busybox seq 1 3000'")} | tail -n 1").out ==
                '3000\n'
        }

        cleanup:
        sh(exec(GANTRY, '', 'busybox killall sleep'))
    }

    def "after the hand-over a process holds its terminal and nothing of its caller: #command"() {
        given:
        configure(true, 'sleep', '1000')
        def socket = "$dir/s${counter++}".toString()
        def keeper = new Command('python3', '-c', KEEPER, socket).start()
        def said = keeper.inputReader()
        assert said.readLine() == 'listening'

        when: 'the outputs of the command are read to their end, of which whoever it leaves behind would have copies'
        def process = new Command('sh', '-c', "exec $GANTRY --root $dir/gantry ${command.replace('SOCKET', socket)} " +
            "--pid-file $dir/pid ${rest.replace('DIR', dir.toString())}").start()
        process.outputStream.close()
        def outcome = process.inputStream.text + process.errorStream.text + process.waitFor()

        then:
        outcome == '0'
        said.readLine() == 'taken'

        and:
        def pid = new File("$dir/pid").text
        def held = new File("/proc/$pid/fd").list()
            .collectEntries { [it as int, Files.readSymbolicLink(Path.of("/proc/$pid/fd/$it")).toString()] }
        [0, 1, 2].every { held[it] ==~ '/dev/pts/\\d+' }
        held.findAll { it.key > 2 }.values().every { it ==~ allowed }

        cleanup:
        keeper.outputStream.close()
        sh("kill -9 \$(cat $dir/pid); $GANTRY --root $dir/gantry delete -f box")

        where:
        command                                | rest            | allowed
        'create --console-socket SOCKET'       | '-b DIR box'    | '.*_fifo|.*[.]fifo|.*reports?'
        'run -d --console-socket SOCKET'       | '-b DIR box'    | 'nothing'
        'exec -d -t --console-socket SOCKET'   | 'idle sleep 99' | 'nothing'
    }

    /**
     * Which of the caller's files, and which terminals, a process has open: by number, the container's process; by
     * name, a command.
     */
    private List<String> held(String pid) {
        new File("/proc/$pid/fd").list().sort { it as int }
            .collect { Files.readSymbolicLink(Path.of("/proc/$pid/fd/$it")).toString() }
                .findAll { !it.startsWith('pipe') }
                .collect { it.tokenize('/').with { last().isInteger() ? get(it.size() - 2) : last() } }
    }

    def "#moment of `#command` the process holds #process, the command #holder"() {
        given: 'a caller at a terminal, with files as its descriptors from 0 to 3'
        def there = Files.createDirectory(dir.resolve("who${counter++}"))
        def socket = there.resolve('socket')
        configure(terminal, 'sleep', '1000')
        Files.createFile(there.resolve('in'))
        Files.createFile(there.resolve('three'))
        def keeper = new Command('python3', '-c', KEEPER, socket).start()
        assert keeper.inputReader().readLine() == 'listening'
        def line = "$GANTRY --root $dir/gantry $command --preserve-fds 1 --pid-file pid".replace('SOCKET',
            socket.toString()) +
                (command.startsWith('exec') ? ' idle sleep 1000' : " -b $dir who")
        Files.writeString(there.resolve('line'), "cd $there; echo \$\$ >command; exec $line <in >out 2>err 3<three")

        when:
        def script = new Command('script', '-qec', "sh $there/line", '/dev/null').start()
        if (holder == 'gone') {
            assert script.waitFor(30, TimeUnit.SECONDS)
        }
        new PollingConditions(timeout: 30).eventually {
            assert Files.exists(there.resolve('pid')) && Files.size(there.resolve('pid')) > 0
        }
        if (moment == 'after `start`') {
            assert sh("$GANTRY --root $dir/gantry start who </dev/null >/dev/null 2>&1 4<$there/in").exit == 0
        }
        def pid = Files.readString(there.resolve('pid')).trim()
        new PollingConditions(timeout: 30).eventually {
            assert moment == 'after the end' || Files.readString(Path.of("/proc/$pid/comm")).trim() == 'sleep'
        }

        then:
        Files.readString(there.resolve('err')) == ''
        held(pid) == process
        holder == 'gone' || held(Files.readString(there.resolve('command')).trim())
            .findAll { it in ['in', 'out', 'err', 'ptmx'] } == holder

        cleanup:
        keeper.outputStream.close()
        sh("kill -9 $pid; $GANTRY --root $dir/gantry delete -f who")
        script.waitFor(30, TimeUnit.SECONDS)

        where:
        command                              | terminal | moment          || process                        | holder
        'run'                                | false    | 'while it runs' ||
            ['in', 'out', 'err', 'three']  | ['in', 'out', 'err']
        'run'                                | true     | 'while it runs' ||
            ['pts', 'pts', 'pts', 'three'] | ['in', 'out', 'err', 'ptmx']
        'run -d'                             | false    | 'after the end' || ['in', 'out', 'err', 'three']  | 'gone'
        'run -d --console-socket SOCKET'     | true     | 'after the end' || ['pts', 'pts', 'pts', 'three'] | 'gone'
        'create'                             | false    | 'after the end' ||
            ['in', 'out', 'err', 'three', 'exec.fifo', 'report.fifo'] | 'gone'
        'create --console-socket SOCKET'     | true     | 'after the end' ||
            ['pts', 'pts', 'pts', 'three', 'exec.fifo', 'report.fifo'] | 'gone'
        'create'                             | false    | 'after `start`' || ['in', 'out', 'err', 'three']  | 'gone'
        'create --console-socket SOCKET'     | true     | 'after `start`' || ['pts', 'pts', 'pts', 'three'] | 'gone'
        'exec'                               | false    | 'while it runs' ||
            ['in', 'out', 'err', 'three']  | ['in', 'out', 'err']
        'exec -t'                            | false    | 'while it runs' ||
            ['pts', 'pts', 'pts', 'three'] | ['in', 'out', 'err', 'ptmx']
        'exec -d'                            | false    | 'after the end' || ['in', 'out', 'err', 'three']  | 'gone'
        'exec -d -t --console-socket SOCKET' | false    | 'after the end' || ['pts', 'pts', 'pts', 'three'] | 'gone'
    }
}
