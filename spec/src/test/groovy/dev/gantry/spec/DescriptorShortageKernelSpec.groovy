package dev.gantry.spec

import dev.gantry.oci.codec.OciWriter
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files

/** Gantry where it may open few files (EMFILE): it does what it can, or fails, and leaves nothing either way. */
@RequiresKernel(programs = ['busybox:busybox-static'])
class DescriptorShortageKernelSpec extends ContainerSpecification {
    private static final int ENOUGH = 32

    private GantryCommand allowed(int descriptors) {
        def program = shared.resolve("allowed-$descriptors")
        Files.writeString(program, "#!/bin/sh\nulimit -n $descriptors\nexec $GantryCommand.LAUNCHER \"\$@\"\n")
        program.toFile().setExecutable(true)
        new GantryCommand(stateRoot, bundle).tap { it.program = program }
    }

    private void write(String... args) {
        Files.writeString(bundle.resolve('config.json'),
            OciWriter.text(withProcess(config(args.toList()), [rlimits: []])))
    }

    def cleanup() {
        Files.deleteIfExists(bundle.resolve('config.json'))
    }

    def "with #descriptors descriptors a run does all of it or nothing"() {
        given:
        write('echo', 'whole')
        def id = newId()

        when:
        def outcome = allowed(descriptors).run('run', id)

        then:
        [outcome.exit == 0, outcome.out] in (descriptors < ENOUGH ? [[true, 'whole\n'], [false, '']] :
            [[true, 'whole\n']])
        !Files.exists(stateRoot.resolve(id))

        where:
        descriptors << [10, 14, 16, 18, 20, 22, 24, 26, 28, 32, 64]
    }

    def "with #descriptors descriptors a check does all of it, or says in one line why not"() {
        given:
        Files.writeString(bundle.resolve('x.ctr.groovy'), "container('x') { }\n")

        when:
        def outcome = allowed(descriptors).run('check', 'x.ctr.groovy')

        then:
        [outcome.exit, outcome.err.replaceFirst('.*; hint: raise', 'raise')] in [[0, ''],
            [1, 'raise it, see `ulimit -n`\n']]

        cleanup:
        Files.deleteIfExists(bundle.resolve('x.ctr.groovy'))

        where:
        descriptors << [14, 18, 20, 24, 28, 32]
    }

    def "with #descriptors descriptors what is added is added or not, and the container goes on"() {
        given:
        def container = start(withProcess(config(['sleep', '100']), [rlimits: []]))

        when:
        def outcome = allowed(descriptors).run('exec', container.id(), 'echo', 'added')

        then:
        [outcome.exit == 0, outcome.out] in (descriptors < ENOUGH ? [[true, 'added\n'], [false, '']] :
            [[true, 'added\n']])
        container.processes() == [container.state().pid()]

        and: 'a deletion is one, or can be repeated: the cleanup does'
        def deleted = allowed(descriptors).run('delete', '-f', container.id())
        deleted.exit == 0 || descriptors < ENOUGH
        Files.exists(stateRoot.resolve(container.id())) == (deleted.exit != 0)

        where:
        descriptors << [14, 18, 20, 22, 26, 32, 64]
    }
}
