package dev.gantry.spec

import static dev.gantry.oci.NamespaceType.USER

import dev.gantry.oci.IdMapping
import dev.gantry.oci.Mount
import dev.gantry.oci.OciConfig
import dev.gantry.oci.User
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.LinkOption
import java.nio.file.Path

/** Root of a container with all capabilities tries to get more out of a mount with mapped ids than it was given. */
@RequiresKernel(programs = ['busybox:busybox-static'])
class IdMappedKernelSpec extends ContainerSpecification {
    private static final List<IdMapping> MAP = [new IdMapping(0L, 100_000L, 65_536L)]

    /** The host's users 0 to 9 are the container's; a file of user 4242 has no owner there. */
    private OciConfig hostile(Path source, String... options) {
        Files.createDirectories(bundle.resolve('rootfs/mnt'))
        def mount = Mount.builder().destination('/mnt').type('bind').source(source.toString())
                .options(['bind', 'idmap=uids=@0-0-10;gids=@0-0-10'] + options.toList()).build()
        def able = withAllCapabilities(config())
        withLinux(withNamespace(able.toBuilder().mounts(able.mounts() + mount).build(), USER),
            [uidMappings: MAP, gidMappings: MAP])
    }

    private Path source() {
        def source = Files.createDirectories(shared.resolve(newId()))
        Files.setAttribute(source, 'unix:mode', 0777)
        Files.writeString(source.resolve('own'), 'text')
        def foreign = Files.writeString(source.resolve('foreign'), 'precious')
        ['unix:uid', 'unix:gid'].each { Files.setAttribute(foreign, it, 4242) }
        source
    }

    private static String look(Path place) {
        def all = Files.readAttributes(place, 'unix:mode,uid,gid', LinkOption.NOFOLLOW_LINKS)
        sprintf('%o %d:%d', all.mode, all.uid, all.gid)
    }

    def "files whose owner is not mapped stay as they are: #attempt"() {
        given:
        def source = source()

        expect:
        sh("cd /mnt; $attempt", hostile(source)).exit() != 0
        look(source.resolve('foreign')) == '100644 4242:4242'
        Files.readString(source.resolve('foreign')) == 'precious'

        where:
        attempt << ['echo evil > foreign', 'chown 0:0 foreign', 'chmod 666 foreign', 'touch foreign',
            'chmod u+s foreign']
    }

    def "no file of an owner who is not mapped is made: #attempt"() {
        given:
        def source = source()

        expect:
        sh("cd /mnt; $attempt", hostile(source)).exit() != 0
        !Files.exists(source.resolve('new'))
        look(source.resolve('own')) == '100644 0:0'

        where:
        attempt << ['chown 10:0 own', 'chown 0:4242 own', 'chown 4242 own', 'mknod new c 1 3', 'mknod new b 7 0']
    }

    def "a user of the container who is not mapped makes nothing"() {
        given:
        def source = source()
        def box = withProcess(hostile(source), [user: new User(4242L, 4242L, null, [], null)])

        expect:
        sh('echo x > /mnt/new', box).exit() != 0
        !Files.exists(source.resolve('new'))
    }
}
