package dev.gantry.spec

import dev.gantry.spec.support.EngineSpecification
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files

/** buildah, which calls the runtime by itself and asks for the state again and again. */
@RequiresKernel(programs = ['buildah', 'busybox:busybox-static'])
class BuildahKernelSpec extends EngineSpecification {
    private GantryCommand.Outcome buildah(String... args) {
        run('buildah', '--root', "$dir/root".toString(), '--runroot', "$dir/run".toString(), '--storage-driver', 'vfs', *args)
    }

    private GantryCommand.Outcome inside(String container, String... command) {
        buildah('run', '--runtime', GantryCommand.LAUNCHER.toString(), '--network', 'none', container, *command)
    }

    def "a container from scratch runs commands, and a build has steps that run"() {
        given:
        def container = buildah('from', 'scratch').out.trim()
        assert buildah('copy', container, rootfs.toString(), '/').exit == 0

        expect:
        inside(container, 'id', '-u').with { it.exit == 0 && it.out == '0\n' }
        inside(container, 'sh', '-c', 'exit 6').with { it.exit != 0 && it.err.contains('exit status 6') }
        inside(container, '/no/such').with { it.exit != 0 && it.err.contains('no such file or directory') }
        buildah('commit', container, 'box').exit == 0

        when:
        def context = Files.createDirectory(dir.resolve('context'))
        Files.writeString(context.resolve('Dockerfile'), 'FROM localhost/box\nRUN echo built > /made && cat /made\nUSER 1000\nRUN id -u\n')
        def build = buildah('bud', '--runtime', GantryCommand.LAUNCHER.toString(), '--network', 'none', '--ulimit', 'nofile=1024:1024', '-t', 'made', context.toString())

        then:
        build.exit == 0
        build.out.readLines().findAll { it in ['built', '1000'] } == ['built', '1000']

        cleanup:
        buildah('rm', '-a')
        buildah('rmi', '-a', '-f')
    }
}
