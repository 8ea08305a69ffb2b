package dev.gantry.spec

import static dev.gantry.spec.support.Eventually.eventually

import dev.gantry.error.StateException
import dev.gantry.oci.Mount
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spec.support.SilentFileSystem
import dev.gantry.spock.RequiresKernel
import dev.gantry.value.ContainerStatus
import dev.gantry.value.ExecIo
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import java.util.concurrent.TimeUnit
import spock.lang.Timeout

/** Processes that the kernel does not let be killed: nobody waits for them for ever, and nothing is lost. */
@RequiresKernel(programs = ['busybox:busybox-static', 'python3'])
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class UnkillableKernelSpec extends ContainerSpecification {
    private SilentFileSystem silent

    def setup() {
        silent = new SilentFileSystem(Files.createDirectories(shared.resolve("silent-${newId()}")))
    }

    def cleanup() {
        silent.close()
    }

    private seeing(List<String> args) {
        def config = config(args)
        config.toBuilder().mounts(config.mounts() + Mount.builder().destination('/silent').type('bind')
            .source(silent.point.toString()).options(['bind']).build()).build()
    }

    def "a container that cannot be killed is there until it can be, and the error says what it waits for"() {
        given:
        def container = start(seeing(['cat', '/silent/file']))
        silent.awaitRequest()

        when:
        container.deleteForcibly()

        then:
        def e = thrown(StateException)
        e.line() == "delete `${container.id()}`: its first process does not end; " +
            "hint: process ${container.state().pid()} (`cat /silent/file`) " +
                'waits in the kernel, where it cannot be killed, for a file system or a device that does not answer'
        container.status() == ContainerStatus.RUNNING

        when:
        silent.close()
        container.deleteForcibly()

        then:
        gantry.containers().every { it.id() != container.id() }
    }

    def "a command that cannot be killed does not keep its caller, and is reaped when it ends"() {
        given:
        def container = start(seeing(['sleep', '1000']))
        def options = ExecIo.DEFAULT.within(Duration.ofSeconds(2))

        when:
        container.exec(container.processFor(['cat', '/silent/file']), options)

        then:
        def e = thrown(StateException)
        def pid = container.processes().find { it != container.state().pid() }
        e.line() == "exec in `${container.id()}`: `cat /silent/file` was killed and does not end; " +
            "hint: process $pid (`cat /silent/file`) " +
                'waits in the kernel, where it cannot be killed, for a file system or a device that does not answer'

        when: 'the file system answers'
        silent.close()

        then: 'it is reaped, so that its container can be deleted'
        eventually { !Files.exists(Path.of("/proc/$pid")) }
        container.deleteForcibly()
    }
}
