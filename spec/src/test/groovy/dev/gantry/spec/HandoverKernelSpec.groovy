package dev.gantry.spec

import dev.gantry.spec.support.Command
import dev.gantry.spec.support.CommandLineSpecification
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spock.RequiresKernel
import java.net.StandardProtocolFamily
import java.net.UnixDomainSocketAddress
import java.nio.channels.ServerSocketChannel
import java.nio.channels.SocketChannel
import java.nio.file.Files
import java.util.concurrent.TimeUnit
import spock.lang.Timeout

/** What a caller and a container hand to each other: descriptors from 3 on, terminals, pidfds. */
@RequiresKernel(programs = ['busybox:busybox-static', 'runc', 'python3'])
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HandoverKernelSpec extends CommandLineSpecification {
    /** Takes one message on the socket it is told, and shows its data, how many descriptors came, and what they are. */
    private static final String RECEIVER = '''
import array, os, socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
print("listening", flush=True)
peer = listener.accept()[0]
data, control, _, _ = peer.recvmsg(4096, socket.CMSG_SPACE(16))
fds = array.array("i")
for _, _, rights in control:
    fds.frombytes(rights)
print(len(data) > 0, len(fds), os.readlink("/proc/self/fd/%d" % fds[0]), flush=True)
if os.isatty(fds[0]):
    print(os.read(fds[0], 100).decode(), flush=True)
'''

    def setup() {
        assert gantry.run('spec').exit == 0
    }

    private void configure(boolean terminal, String... args) {
        edit {
            it.process.terminal = terminal
            it.process.args = args.toList()
            it.process.remove('rlimits') // the caller's limit is what counts
        }
    }

    private String shell(String script) {
        def outcome = new Command('sh', '-c', script).at(bundle).input('').merged().run()
        outcome.out + outcome.exit
    }

    def "#options preserves descriptors under their numbers, and no others"() {
        given:
        configure(false, 'sh', '-c', 'cat <&3; ls /proc/self/fd | wc -l; echo $LISTEN_FDS $LISTEN_PID')
        Files.writeString(bundle.resolve('three'), 'third\n')

        expect:
        shell("$environment exec $GantryCommand.LAUNCHER --root $stateRoot run $options box 3<three 4<three") == shown

        where:
        environment                             | options            || shown
        ''                                      | '--preserve-fds=2' || 'third\n6\n\n0'
        ''                                      | '--preserve-fds 1' || 'third\n5\n\n0'
        'export LISTEN_FDS=1 LISTEN_PID=$$;'    | ''                 || 'third\n5\n1 1\n0'
        'export LISTEN_FDS=1 LISTEN_PID=$$;'    | '--preserve-fds=1' || 'third\n6\n1 1\n0'
        'export LISTEN_FDS=1 LISTEN_PID=1;'     | '--preserve-fds=1' || 'third\n5\n\n0'
    }

    def "sockets that were meant for another process are not handed on: #environment"() {
        given:
        configure(false, 'sh', '-c', 'ls /proc/self/fd | wc -l; echo $LISTEN_FDS $LISTEN_PID')

        expect:
        shell("export $environment; exec $GantryCommand.LAUNCHER --root $stateRoot run box") == '4\n\n0'

        where:
        environment << ['LISTEN_FDS=3 LISTEN_PID=1', 'LISTEN_FDS=3', 'LISTEN_FDS=3 LISTEN_PID=',
                        'LISTEN_FDS=three LISTEN_PID=$$', 'LISTEN_FDS=-1 LISTEN_PID=$$', 'LISTEN_FDS= LISTEN_PID=$$']
    }

    def "sockets that were meant for another process do not keep one from being added"() {
        given:
        configure(false, 'sleep', '100')

        expect:
        shell("export LISTEN_FDS=3 LISTEN_PID=1; " +
            "$GantryCommand.LAUNCHER --root $stateRoot run -d box >/dev/null 2>&1 && " +
                "exec $GantryCommand.LAUNCHER --root $stateRoot exec box sh -c 'ls /proc/self/fd | wc -l; " +
                "echo \$LISTEN_FDS'") == '4\n\n0'
    }

    def "#count descriptors are preserved by #command under their numbers, and no others"() {
        given: 'each is a file of its own, and all are gone again but those'
        configure(false, 'sleep', '100')
        Files.writeString(bundle.resolve('many.py'), MANY)
        assert shell("$GantryCommand.LAUNCHER --root $stateRoot run -d other >/dev/null 2>&1") == '0'
        def look = 'ls /proc/self/fd | wc -l; for i in $LOOK_AT; do read line </proc/self/fd/$i; echo $i $line; ' +
            'done; echo $LISTEN_FDS'
        configure(false, 'sh', '-c', look)
        def at = [3, 4, 44, 45, 255, 256, 257, count + 2].findAll { it < count + 3 }.unique()
        def words = command == 'run' ? ['box'] : ['other', 'sh', '-c', "LOOK_AT='${at.join(' ')}'; $look".toString()]
        def options = listening ? ["--preserve-fds=${count - listening}"] : ["--preserve-fds=$count"]
        edit { it.process.env << "LOOK_AT=${at.join(' ')}".toString() }

        when:
        def outcome = new Command('python3', 'many.py', count, listening, GantryCommand.LAUNCHER, gantry.globals,
            command, options, words)
                .at(bundle).input('').merged().run()

        then: 'and one that ls(1) opens itself'
        outcome.out.readLines() == ["${count + 4}".toString()] + at.collect { "$it file $it".toString() } +
            [listening ? "$listening".toString() : '']
        outcome.exit == 0

        where:
        count | listening | command
        41    | 0         | 'run'
        42    | 0         | 'run'
        253   | 0         | 'run'
        254   | 0         | 'exec'
        900   | 0         | 'run'
        900   | 300       | 'run'
        3000  | 0         | 'exec'
    }

    /** Opens many files, raises the limit as far as it must for them, and becomes a command. */
    private static final String MANY = '''
import os, resource, sys
count, listening = int(sys.argv[1]), int(sys.argv[2])
if count > 900:
    resource.setrlimit(resource.RLIMIT_NOFILE, (count + 200, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
for number in range(3, count + 3):
    name = "file-%d" % number
    with open(name, "w") as file:
        file.write("file %d\\n" % number)
    opened = os.open(name, os.O_RDONLY)
    os.unlink(name)
    if opened != number:
        os.dup2(opened, number)
        os.close(opened)
    os.set_inheritable(number, True)
if listening:
    os.environ.update(LISTEN_FDS=str(listening), LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[3], sys.argv[3:])
'''

    def "a descriptor that is not open cannot be preserved"() {
        given:
        configure(false, 'true')

        expect:
        shell("exec $GantryCommand.LAUNCHER --root $stateRoot run --preserve-fds=2 box 3<config.json") ==
                'gantry run failed: preserved descriptor 4: bad file descriptor (EBADF)\n1'
        shell(
            "exec $GantryCommand.LAUNCHER --root $stateRoot run --preserve-fds=100000 box 3<config.json 4<config.json"
        ) ==
                'gantry run failed: preserved descriptor 5: bad file descriptor (EBADF)\n1'
    }

    def "the terminal of a #command goes to who listens on the console socket"() {
        given:
        configure(true, 'echo', 'written')
        def socket = "$dir/${command}.sock".toString()
        def receiver = new Command('python3', '-c', RECEIVER, socket).merged().start()
        def said = receiver.inputReader()
        assert said.readLine() == 'listening'

        when:
        def outcome = gantry.run(*(command.split(' ') + ['--console-socket', socket, 'box']))
        if (command == 'create') {
            gantry.run('start', 'box')
        }

        then:
        outcome.toString() == 'exit 0\nout: \nerr: '
        said.readLine() ==~ /True 1 .*ptmx/
        said.readLine() == 'written'

        where:
        command << ['create', 'run --detach']
    }

    def "a pidfd goes to who listens on the pidfd socket"() {
        given:
        configure(false, 'sleep', '100')
        def socket = "$dir/pidfd.sock".toString()
        def receiver = new Command('python3', '-c', RECEIVER, socket).merged().start()
        def said = receiver.inputReader()
        assert said.readLine() == 'listening'

        expect:
        gantry.run('create', '--pidfd-socket', socket, 'box').exit == 0
        said.readLine() ==~ /True 1 .*pidfd.*/
    }

    def "a container whose terminal nobody takes is not left behind"() {
        given:
        configure(true, 'sleep', '100')

        expect:
        with(gantry.run('create', '--console-socket', '/no/such/sock', 'box')) {
            exit == 1
            err.contains('create failed: ')
            err.contains('no such file or directory')
        }
        gantry.run('state', 'box').exit == 1
    }

    def "a pid file that cannot be put in its place is not left behind, nor is the container"() {
        given:
        configure(false, 'sleep', '100')
        def place = Files.createDirectories(dir.resolve('pids/taken/by')).parent

        expect:
        with(gantry.run('create', '--pid-file', place.toString(), 'box')) {
            exit == 1
            err == "gantry create failed: write pid file `$place`: is a directory (EISDIR)\n"
        }
        gantry.run('state', 'box').exit == 1
        place.parent.toFile().list().toList() == ['taken']
    }

    def "a receiver that does not accept is not waited for without end"() {
        given: 'one that is full'
        configure(true, 'sleep', '100')
        def address = UnixDomainSocketAddress.of(dir.resolve('full.sock'))
        def server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address, 1)
        def waiting = (1..2).collect { SocketChannel.open(address) }

        expect:
        with(gantry.run('create', '--console-socket', address.toString(), 'box')) {
            exit == 1
            err == "gantry create failed: hand over descriptor on `$address`: " +
                "resource temporarily unavailable (EAGAIN); " +
                    'hint: the program that listens there does not accept\n'
        }
        gantry.run('state', 'box').exit == 1

        cleanup:
        [*waiting, server]*.close()
    }
}
