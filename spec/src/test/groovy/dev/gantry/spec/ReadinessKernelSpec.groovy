package dev.gantry.spec

import dev.gantry.spec.support.CProgram
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.CommandLineSpecification
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.util.concurrent.TimeUnit
import spock.lang.Timeout

/** Readiness by sd_notify(3), from a program in a container to who started the command with NOTIFY_SOCKET. */
@RequiresKernel(programs = ['busybox:busybox-static', 'python3'])
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ReadinessKernelSpec extends CommandLineSpecification {
    /** Stands for systemd: prints each message, its lines separated by blanks. */
    private static final String RECEIVER = '''
import socket, sys
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(sys.argv[1].replace("@", "\\0"))
print("listening", flush=True)
while True:
    print(receiver.recv(4096).decode().replace("\\n", " "), flush=True)
'''
    private Process receiver
    private BufferedReader received

    def setupSpec() {
        Files.createDirectories(bundle.resolve('rootfs/run'))
        CProgram.compile('notify', bundle.resolve('rootfs/bin'))
    }

    def setup() {
        assert gantry.run('spec').exit == 0
    }

    def cleanup() {
        receiver?.destroy()
        receiver?.waitFor()
    }

    private void listens(String address) {
        receiver = new Command('python3', '-c', RECEIVER, address).merged().start()
        received = receiver.inputReader()
        assert received.readLine() == 'listening'
        gantry.environment = System.getenv() + [NOTIFY_SOCKET: address]
    }

    private void runs(String script) {
        edit {
            it.process.args = ['sh', '-c', script]
            it.process.capabilities.remove('ambient')
        }
    }

    def "#command returns when the program is ready, and tells of the container's process"() {
        given:
        runs('notify "STATUS=warming up" MAINPID=1 NOTIFYACCESS=all "FDSTORE=1\n' +
            'STATUS=nearly"; sleep 0.3; touch /dev/ready; notify READY=1; sleep 100')
        listens(address.replace('DIR', dir.toString()))

        when:
        def outcomes = command.split(', ').collect { gantry.run(*(it.split(' ') + 'box')) }
        def exists = gantry.run('exec', 'box', 'ls', '/dev/ready').exit == 0

        then:
        outcomes*.toString().every { it == 'exit 0\nout: \nerr: ' }
        exists
        (1..4).collect { received.readLine() } ==
            ['STATUS=warming up', 'STATUS=nearly', 'READY=1', "MAINPID=${pid('box')}"]
        !Files.exists(stateRoot.resolve('box/notify/notify.sock'))
        gantry.run('start', 'box').err == 'gantry: start `box`: cannot start an already running container\n'

        where:
        command         | address
        'create, start' | 'DIR/sd.sock'
        'run --detach'  | 'DIR/sd2.sock'
        'run --detach'  | '@gantry-readiness-spec'
    }

    def "a run in the foreground tells of itself, and passes on all there is, to the last word"() {
        given:
        runs('notify READY=1 STATUS=working STOPPING=1; exit 3')
        listens("$dir/sd3.sock")

        when:
        def process = gantry.command('run', 'box').start()

        then:
        process.waitFor() == 3
        (1..4).collect { received.readLine() } ==
            ['READY=1', "MAINPID=${process.pid()}", 'STATUS=working', 'STOPPING=1']
    }

    def "a program that ends without a word ends the wait"() {
        given:
        runs('exit 3')
        listens("$dir/sd4.sock")

        expect:
        gantry.run('run', '--detach', 'box').exit == 0
        gantry.run('state', 'box').out.contains('"stopped"')
    }

    def "a caller that cannot be reached, at `#address`, is a warning to #command, and nobody is told"() {
        given:
        runs('exec sleep 100')
        gantry.environment = System.getenv() + [NOTIFY_SOCKET: address]

        when:
        def outcomes = command.split(', ').collect { gantry.run(*(it.split(' ') + 'box')) }

        then:
        outcomes*.exit.every { it == 0 }
        outcomes*.err.every {
            it == "gantry: warning: nobody is told that the container is ready: reach `$address` of NOTIFY_SOCKET: " +
                "$reason\n"
        }
        state('box').status == 'running'
        !gantry.run('exec', 'box', 'cat', '/proc/1/environ').out.contains('NOTIFY_SOCKET')

        where:
        command         | address                  || reason
        'run --detach'  | '/no/such.sock'          || 'no such file or directory (ENOENT)'
        'create, start' | '/no/such.sock'          || 'no such file or directory (ENOENT)'
        'run --detach'  | '/etc/passwd'            || 'connection refused (ECONNREFUSED)'
        'run --detach'  | '@gantry-nobody-listens' || 'connection refused (ECONNREFUSED)'
        'run --detach'  | '@' + 'x' * 200          || 'file name too long (ENAMETOOLONG)'
        'run --detach'  | 'vsock:2:1234'           || 'no such file or directory (ENOENT)'
    }

    def "a caller that is gone when the container starts is a warning"() {
        given:
        runs('exec sleep 100')
        listens("$dir/sd5.sock")
        assert gantry.run('create', 'box').toString() == 'exit 0\nout: \nerr: '
        receiver.destroy()
        receiver.waitFor()

        expect:
        gantry.run('start', 'box').toString() ==
            "exit 0\nout: \nerr: gantry: warning: nobody is told that the container is ready: " +
                "reach `$dir/sd5.sock` of NOTIFY_SOCKET: connection refused (ECONNREFUSED)\n"
        state('box').status == 'running'
    }

    def "in the foreground a caller that cannot be reached does not change the status"() {
        given:
        runs('exit 3')
        gantry.environment = System.getenv() + [NOTIFY_SOCKET: '/no/such.sock']

        expect:
        gantry.run('run', 'box').exit == 3
    }

    def "without the variable nothing is mounted for it"() {
        given:
        runs('ls /run; echo ${NOTIFY_SOCKET-none}')
        gantry.environment = System.getenv() - [NOTIFY_SOCKET: System.getenv('NOTIFY_SOCKET')]

        expect:
        gantry.run('run', 'box').out.readLines()[-1] == 'none'
    }
}
