package dev.gantry.spec

import dev.gantry.error.StateException
import dev.gantry.oci.codec.OciWriter
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import spock.lang.Requires

/** Clocks that differ or jump: who looks at a container from another time namespace sees what is there. */
@RequiresKernel(programs = ['busybox:busybox-static', 'unshare:util-linux'])
@Requires(value = { new File('/proc/self/ns/time').exists() }, reason = 'the kernel must have time namespaces')
class ClockKernelSpec extends ContainerSpecification {
    private static final List<Integer> JUMPS = [1_000_000, 86_400, 1]

    /** Gantry, run where the clocks since boot are ahead. */
    private GantryCommand ahead(int seconds) {
        def program = shared.resolve("ahead-$seconds")
        Files.writeString(program, "#!/bin/sh\n" +
            "exec unshare -T --boottime $seconds --monotonic $seconds --fork $GantryCommand.LAUNCHER \"\$@\"\n")
        program.toFile().setExecutable(true)
        new GantryCommand(stateRoot, bundle).tap { it.program = program }
    }

    def "a container made here runs for those whose clocks are #seconds s ahead, too"() {
        given:
        def container = start(config(['sleep', '100']))
        def id = container.id()

        expect:
        ahead(seconds).run('state', id).out.contains('"status": "running"')
        ahead(seconds).run('exec', id, 'echo', 'in').out == 'in\n'

        and: 'it is not deleted as one that has ended'
        ahead(seconds).run('delete', id).with { exit == 1 && err.contains('is not stopped: running') }
        ahead(seconds).run('pause', id).exit == 0
        ahead(seconds).run('resume', id).exit == 0
        container.status().ociName() == 'running'

        and: 'nor found running when it has ended'
        ahead(seconds).run('kill', id, 'KILL').exit == 0
        container.waitFor()
        ahead(seconds).run('state', id).out.contains('"status": "stopped"')

        where:
        seconds << JUMPS
    }

    def "a container made where clocks are #seconds s ahead runs for those here, too"() {
        given:
        Files.writeString(bundle.resolve('config.json'), OciWriter.text(config(['sleep', '100'])))
        def id = newId()

        when:
        def made = ahead(seconds).run('run', '-d', id)

        then:
        made.exit == 0
        gantry.container(id).status().ociName() == 'running'
        gantry.container(id).exec('echo', 'in').text() == 'in\n'

        when:
        gantry.container(id).delete()

        then:
        thrown(StateException)

        cleanup:
        gantry.container(id).deleteForcibly()
        Files.delete(bundle.resolve('config.json'))

        where:
        seconds << JUMPS
    }
}
