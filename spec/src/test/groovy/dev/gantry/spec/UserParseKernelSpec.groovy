package dev.gantry.spec

import dev.gantry.oci.codec.OciWriter
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import spock.lang.Shared

/** A user of an added process is who the number says, whatever the container's user database calls by it. */
@RequiresKernel(programs = ['busybox:busybox-static'])
class UserParseKernelSpec extends ContainerSpecification {
    @Shared private String passwd

    def setupSpec() {
        passwd = Files.readString(bundle.resolve('rootfs/etc/passwd'))
        Files.writeString(bundle.resolve('rootfs/etc/passwd'), passwd +
            '1000:x:0:0:named like a number:/root:/bin/sh\n1:x:0:0::/:/bin/sh\n')
    }

    def "exec as `#user` is #who"() {
        given:
        def container = start(config(['sleep', '100']))
        def cli = new GantryCommand(stateRoot, bundle)

        when:
        def outcome = cli.run('exec', '-u', user, container.id(), 'sh', '-c', 'echo $(id -u):$(id -g)')

        then:
        outcome.exit == (who == 'refused' ? 255 : 0)
        outcome.out.trim() == (who == 'refused' ? '' : who)
        outcome.err.readLines().size() == (who == 'refused' ? 1 : 0)

        where:
        user         || who
        '1000'       || '1000:0'
        '1'          || '1:0'
        '1:2'        || '1:2'
        '0:0'        || '0:0'
        '4294967294' || '4294967294:0'
        ':2'         || 'refused'
        ''           || 'refused'
        '01'         || 'refused'
        '-1'         || 'refused'
        '+1'         || 'refused'
        ' 1'         || 'refused'
        '4294967295' || 'refused'
        '4294967296' || 'refused'
        '1x'         || 'refused'
        '0x10'       || 'refused'
        'root'       || 'refused'
        '1:2:3'      || 'refused'
        '1:'         || 'refused'
    }

    def "the first process too is who the number says"() {
        given:
        def user = dev.gantry.oci.User.builder().uid(1000L).gid(1000L).build()

        expect:
        sh('grep -E "^(Uid|Gid)" /proc/self/status', withProcess(config(), [user: user])).text() ==
            'Uid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\n'
    }
}
