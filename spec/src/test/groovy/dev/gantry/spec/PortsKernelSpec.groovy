package dev.gantry.spec

import static dev.gantry.spec.support.Eventually.eventually

import dev.gantry.error.ContainerException
import dev.gantry.kernel.TcpSockets
import dev.gantry.oci.NamespaceType
import dev.gantry.runtime.Container
import dev.gantry.spec.support.CProgram
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import dev.gantry.value.ForwardedPort
import java.nio.ByteBuffer
import java.nio.channels.SocketChannel
import java.util.concurrent.Executors

/** Ports of this machine that lead into a container, whatever network it has. */
@RequiresKernel(programs = ['busybox:busybox-static'])
class PortsKernelSpec extends ContainerSpecification {
    private static final int PORT = 8080

    private final List<ForwardedPort> ports = []

    def cleanup() {
        ports*.close()
    }

    def setupSpec() {
        CProgram.compile('echo', bundle.resolve('rootfs/bin'))
    }

    /** Starts a container that sends back what it gets, and a dot in the end. */
    private Container serving(config = config(), String... more) {
        def container = start(withProcess(config, [args: ['echo', PORT as String, *more]]))
        def hex = String.format(':%04X ', PORT)
        eventually { new File("/proc/${container.state().pid()}/net/tcp").text.contains("$hex") }
        container
    }

    private ForwardedPort forward(Container container) {
        def port = container.forward(PORT)
        ports << port
        port
    }

    private static Socket connect(ForwardedPort port) {
        new Socket('127.0.0.1', port.hostPort())
    }

    private static byte[] talk(ForwardedPort port, byte[] said) {
        connect(port).withCloseable { socket ->
            Thread.start {
                socket.outputStream.write(said)
                socket.shutdownOutput()
            }
            socket.inputStream.readAllBytes()
        }
    }

    def "a program in a network namespace of its own is reached"() {
        given:
        def port = forward(serving())

        expect:
        port.containerPort() == PORT
        new String(talk(port, 'hello '.bytes)) == 'hello .'
    }

    def "a program in the network of the host is reached"() {
        given:
        def config = config()
        def others = config.linux().namespaces().findAll { it.type() != NamespaceType.NETWORK }
        def port = forward(serving(withLinux(config, [namespaces: others])))

        expect:
        new String(talk(port, 'hello'.bytes)) == 'hello.'
    }

    def "what is large arrives whole, both ways"() {
        given:
        def port = forward(serving())
        def said = new byte[48 << 20]
        new Random(1).nextBytes(said)

        when:
        def heard = talk(port, said)

        then:
        Arrays.equals(heard, 0, said.length, said, 0, said.length)
        heard.length == said.length + 1
    }

    def "a side that is slow to read keeps no other connection waiting"() {
        given:
        def port = forward(serving())
        def slow = SocketChannel.open(new InetSocketAddress('127.0.0.1', port.hostPort()))
        slow.configureBlocking(false)
        def block = ByteBuffer.allocate(1 << 20)
        while (slow.write(block) > 0) {
            block.clear()
        }

        expect:
        new String(talk(port, 'quick'.bytes)) == 'quick.'

        cleanup:
        slow.close()
    }

    def "a hundred connections at once are kept apart"() {
        given:
        def port = forward(serving())
        def threads = Executors.newFixedThreadPool(20)

        when:
        def open = (1..100).collect { connect(port) }
        def heard = open.withIndex().collect { socket, i ->
            threads.submit {
                socket.outputStream.write("I am $i".bytes)
                socket.shutdownOutput()
                new String(socket.inputStream.readAllBytes())
            }
        }*.get()

        then:
        heard == (0..<100).collect { "I am ${it}.".toString() }

        cleanup:
        open*.close()
        threads.shutdownNow()
    }

    def "a connection is reset at once if nobody listens inside"() {
        given:
        def port = forward(start(config(['sleep', '1000'])))

        expect:
        ends(port)
    }

    def "a connection is reset at once if the container has ended"() {
        given:
        def container = serving()
        def port = forward(container)
        assert new String(talk(port, 'hello'.bytes)) == 'hello.'

        when:
        container.kill(9)
        container.waitFor()

        then:
        ends(port)
    }

    /** A reset: whoever reads takes an ordinary end for the end of an answer. */
    private static boolean ends(ForwardedPort port, byte[] said = []) {
        connect(port).withCloseable { socket ->
            try {
                socket.outputStream.write(said)
                socket.inputStream.read()
                false
            } catch (SocketException e) {
                e.message == 'Connection reset'
            }
        }
    }

    def "a connection that the program inside resets is reset"() {
        expect:
        ends(forward(serving(config(), 'reset')), 'x'.bytes)
    }

    def "a port that another has is refused, and nothing is left open"() {
        given:
        def taken = new ServerSocket(0, 1, TcpSockets.loopback())
        def container = start(config(['sleep', '1000']))
        def before = descriptors()

        when:
        container.forward(new InetSocketAddress(TcpSockets.loopback(), taken.localPort), PORT)

        then:
        def e = thrown(ContainerException)
        e.message == "forward to port $PORT: bind `127.0.0.1:$taken.localPort`: address already in use (EADDRINUSE)"
        descriptors() == before

        cleanup:
        taken.close()
    }

    def "a port that is closed keeps neither descriptors nor the network namespace"() {
        given:
        def container = serving()
        def namespace = new File("/proc/${container.state().pid()}/ns/net").canonicalPath
        def before = descriptors()
        def port = forward(container)
        def open = connect(port)
        open.outputStream.write('x'.bytes)
        assert open.inputStream.read() == 'x' as char

        when:
        open.close()
        port.close()

        then:
        descriptors() == before
        !new File('/proc/self/fd').listFiles().any { it.canonicalPath == namespace }
    }

    private static Set<String> descriptors() {
        new File('/proc/self/fd').list().findAll { new File("/proc/self/fd/$it").exists() } as Set
    }
}
