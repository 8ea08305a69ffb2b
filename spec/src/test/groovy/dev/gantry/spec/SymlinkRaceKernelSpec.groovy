package dev.gantry.spec

import dev.gantry.error.ContainerException
import dev.gantry.oci.Mount
import dev.gantry.oci.OciConfig
import dev.gantry.spec.support.CProgram
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Shared

/** A mount point that is a directory one moment and a link out of the root the next, two hundred times over. */
@RequiresKernel(programs = ['busybox:busybox-static', 'cc:gcc'])
class SymlinkRaceKernelSpec extends ContainerSpecification {
    private static final int TIMES = 200

    @Shared Path flip

    def setupSpec() {
        flip = CProgram.compile('flip', shared)
    }

    /** As little as can be: what is to be found out is where one mount goes. */
    private OciConfig racing(Mount mount) {
        def config = config(['cat', '/proc/self/mountinfo'])
        withLinux(config.toBuilder().mounts(config.mounts().take(1) + mount).hostname(null).build(), [
                namespaces: config.linux().namespaces().findAll { it.type().ociName() in ['mount', 'pid'] },
                maskedPaths: [], readonlyPaths: [], resources: null])
    }

    def "#what never arrives outside of the root, and nothing is made there"() {
        given:
        def outside = Files.createDirectories(shared.resolve("${newId()}-outside"))
        def volume = Files.createDirectories(bundle.resolve("rootfs/vol-${newId()}"))
        Files.createDirectories(volume.resolve('place'))
        Files.createSymbolicLink(volume.resolve('link'), target.call(outside))
        def source = Files.writeString(shared.resolve("${newId()}-source"), 'x')
        def mount = Mount.builder().destination("/${volume.fileName}/place/inner".toString()).type(type)
            .source(source.toString()).options(options).build()
        def enemy = new Command(flip, volume.resolve('place'), volume.resolve('link')).start()
        assert enemy.inputStream.newReader().readLine() == 'swapping'

        when:
        def arrived = 0
        def refused = [] as Set
        TIMES.times {
            try {
                def mounts = run(racing(mount)).lines()*.split(' ')*.getAt(4)
                assert mounts.count { it.endsWith('/inner') } == 1: mounts
                arrived++
            } catch (ContainerException e) {
                refused << e.message.replaceAll(/spec-[-\d]+/, 'ID')
            }
            assert outside.toFile().list() == [] as String[]
        }

        then:
        enemy.alive
        arrived + refused.size() > 0
        arrived > TIMES / 2
        !Files.readString(Path.of('/proc/self/mountinfo')).contains(outside.toString())

        cleanup:
        enemy.destroyForcibly().waitFor()

        where:
        what                           | target                                 | type    | options
        'a file, by an absolute link'  | { it }                                 | 'bind'  | ['bind']
        'a file, by a relative link'   | { Path.of("../../../${it.fileName}") } | 'bind'  | ['bind']
        'a tmpfs, by an absolute link' | { it }                                 | 'tmpfs' | []
    }
}
