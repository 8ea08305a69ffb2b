package dev.gantry.spec

import static dev.gantry.oci.NamespaceType.PID

import dev.gantry.runtime.Internals
import dev.gantry.kernel.OpenFlag
import dev.gantry.kernel.Signal
import dev.gantry.oci.Capabilities
import dev.gantry.oci.Capability
import dev.gantry.oci.Namespace
import dev.gantry.oci.OciConfig
import dev.gantry.spec.support.CProgram
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import dev.gantry.value.CreateOptions
import dev.gantry.io.Stdio
import java.nio.file.Files

/**
 * A process of the container looks without a pause for what other processes hold of the host, while those come and go.
 */
@RequiresKernel(programs = ['busybox:busybox-static', 'cc:gcc'])
class HostileNeighbourKernelSpec extends ContainerSpecification {
    def setupSpec() {
        def program = CProgram.compile('neighbour', shared)
        Files.copy(program, bundle.resolve('rootfs/neighbour'))
    }

    private OciConfig mayTrace(OciConfig config) {
        def all = [Capability.SYS_PTRACE, Capability.KILL]*.ociName()
        withProcess(config, [capabilities: new Capabilities(all, all, [], all, [])])
    }

    /** Starts a neighbour whose findings go to a file; what is done meanwhile is given its container. */
    private List<String> seenDuring(OciConfig config, Closure<?> action) {
        def file = shared.resolve("seen-${newId()}")
        def out = kernel.create(file.toString(), 0600, OpenFlag.RDWR)
        def nothing = kernel.open('/dev/null')
        def container = track(Internals.start(gantry, newId(), definition(config), new Stdio(nothing, out, out),
            CreateOptions.DEFAULT))
        [nothing, out]*.close()
        action(container)
        container.kill(Signal.TERM.number())
        container.waitFor()
        Files.readAllLines(file)
    }

    def "a hostile neighbour reaches nothing of 500 execs: #capabilities"() {
        given:
        def neighbour = config(['/neighbour', capabilities == 'default' ? 'all' : 'host'])

        when:
        def seen = seenDuring(capabilities == 'default' ? neighbour : mayTrace(neighbour)) { container ->
            500.times { container.exec('true') }
        }

        then:
        seen.findAll { !it.startsWith('looked') } == []
        seen.last().split(' ')[1].toInteger() > 50

        where:
        capabilities << ['default', 'may trace']
    }

    def "a hostile neighbour reaches nothing of 500 containers that start in its pid namespace"() {
        when:
        def seen = seenDuring(config(['/neighbour', 'all'])) { container ->
            def pids = new Namespace(PID, "/proc/${container.state().pid()}/ns/pid")
            def beside = config()
            beside = withLinux(beside, [namespaces: beside.linux().namespaces().findAll { it.type() != PID } + pids])
            500.times {
                def other = Internals.start(gantry, newId(), definition(beside), stdio())
                other.waitFor()
                other.deleteForcibly()
            }
        }

        then:
        seen.findAll { !it.startsWith('looked') } == []
        seen.last().split(' ')[1].toInteger() > 50
    }
}
