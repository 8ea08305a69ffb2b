package dev.gantry.spec

import static dev.gantry.oci.NamespaceType.CGROUP
import static dev.gantry.oci.NamespaceType.USER

import dev.gantry.cgroup.Hierarchies
import dev.gantry.oci.Capabilities
import dev.gantry.error.ConfigException
import dev.gantry.oci.IdMapping
import dev.gantry.oci.Mount
import dev.gantry.oci.Rlimit
import dev.gantry.oci.Root
import dev.gantry.oci.User
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path

/** What a process in a container sees, read from inside. */
@RequiresKernel(programs = ['busybox:busybox-static'])
class IsolationKernelSpec extends ContainerSpecification {

    def "the program is process 1 and sees no other"() {
        when:
        def seen = sh('echo pid $$; ls -d /proc/[0-9]* | wc -l').lines()

        then:
        seen[0] == 'pid 1'
        seen[1].toInteger() <= 4 // the shell, and what it runs to count
    }

    def "every namespace of the config is its own: #type"() {
        given:
        def host = Files.readSymbolicLink(Path.of("/proc/self/ns/$type")).toString()

        expect:
        sh("readlink /proc/self/ns/$type", withNamespace(config(), CGROUP)).text().trim() != host

        where:
        type << ['pid', 'mnt', 'net', 'ipc', 'uts', 'cgroup']
    }

    def "a namespace that is not listed is the host's"() {
        given:
        def host = Files.readSymbolicLink(Path.of('/proc/self/ns/net')).toString()
        def config = withLinux(config(),
            [namespaces: config().linux().namespaces().findAll { it.type().ociName() != 'network' }])

        expect:
        sh('readlink /proc/self/ns/net', config).text().trim() == host
    }

    def "the hostname is the container's alone"() {
        given:
        def host = Files.readString(Path.of('/proc/sys/kernel/hostname'))

        expect:
        sh('hostname', config().toBuilder().hostname('box').build()).text() == 'box\n'
        Files.readString(Path.of('/proc/sys/kernel/hostname')) == host
    }

    def "loopback is up and nothing else is there"() {
        expect:
        sh('ip -o link | cut -d: -f2,3 | grep -c UP; ip -o link | wc -l').lines()[-1] == '1'
        sh('ip -o addr show lo').text().contains('127.0.0.1/8')
    }

    def "default devices and links are there"() {
        when:
        def devices = sh('for d in null zero full random urandom tty; do stat -c "%n %a %t:%T %u:%g" /dev/$d; done')
            .lines()

        then:
        devices == ['/dev/null 666 1:3 0:0', '/dev/zero 666 1:5 0:0', '/dev/full 666 1:7 0:0',
                    '/dev/random 666 1:8 0:0', '/dev/urandom 666 1:9 0:0', '/dev/tty 666 5:0 0:0']
        sh('readlink /dev/fd /dev/stdin /dev/stdout /dev/stderr /dev/ptmx; ' +
            'for l in /dev/fd /dev/stdin /dev/stdout /dev/stderr /dev/ptmx; do readlink $l; done')
                .lines().takeRight(5) ==
                    ['/proc/self/fd', '/proc/self/fd/0', '/proc/self/fd/1', '/proc/self/fd/2', 'pts/ptmx']
    }

    def "masked and read-only paths keep the host's secrets and settings"() {
        expect:
        sh('cat /proc/keys | wc -c').text().trim() == '0'
        sh('ls /sys/firmware | wc -l').text().trim() == '0'
        sh('echo 1 > /proc/sys/kernel/panic').exit() != 0
        sh('echo b > /proc/sysrq-trigger').exit() != 0
        sh('mkdir /sys/fs/cgroup/x').exit() != 0
    }

    def "a read-only root takes no writes, a writable one does"() {
        expect:
        sh('touch /tmp/x', config().toBuilder().root(new Root('rootfs', true)).build()).exit() == 1
        sh('touch /tmp/x').exit() == 0
    }

    def "the process has the user, groups, umask, directory and environment of the config"() {
        given:
        def user = User.builder().uid(1000L).gid(100L).additionalGids([5L, 7L]).umask(077L).build()
        def config = withProcess(config(), [user: user, cwd: '/tmp/deep', env: ['PATH=/bin', 'A=1', 'A=2']])

        when:
        def seen = sh('id -u; id -g; id -G; umask; pwd; env | grep -E "^(A|HOME)=" | sort', config).lines()

        then:
        seen == ['1000', '100', '100 5 7', '0077', '/tmp/deep', 'A=2', 'HOME=/home/user']
    }

    def "the process has exactly the capabilities of the config"() {
        given:
        def caps = Capabilities.builder().bounding(['CAP_KILL', 'CAP_CHOWN']).permitted(['CAP_KILL'])
            .effective(['CAP_KILL']).build()

        expect:
        sh('grep Cap /proc/self/status', withProcess(config(), [capabilities: caps])).lines()*.split('\t')*.last() ==
                ['0' * 16, '0000000000000020', '0000000000000020', '0000000000000021', '0' * 16]
    }

    def "ambient capabilities survive the change of user"() {
        given:
        def all = ['CAP_NET_BIND_SERVICE']
        def caps = Capabilities.builder().bounding(all).permitted(all).effective(all).inheritable(all).ambient(all)
            .build()
        def user = User.builder().uid(1000L).gid(1000L).build()

        expect:
        sh('grep CapEff /proc/self/status', withProcess(config(), [capabilities: caps, user: user])).text().trim()
            .endsWith('0400')
    }

    def "limits and no_new_privs are set"() {
        given:
        def config = withProcess(config(), [rlimits: [new Rlimit('RLIMIT_NOFILE', 200L, 100L)], noNewPrivileges: flag])

        expect:
        sh('ulimit -Sn; ulimit -Hn; grep NoNewPrivs /proc/self/status', config).lines() ==
            ['100', '200', "NoNewPrivs:\t$seen".toString()]

        where:
        flag  || seen
        true  || 1
        false || 0
        null  || 0
    }

    def "the process is in a cgroup of its own in every hierarchy"() {
        given:
        def mounted = Hierarchies.read().collect { it.unified() ? '' : it.controllers()[0] }

        when:
        def inside = sh('cat /proc/self/cgroup').lines()*.split(':', 3).collectEntries { [it[1].split(',')[0], it[2]] }

        then:
        mounted.size() > 0
        mounted.every { inside[it].contains('/spec-') }
    }

    def "root of a user namespace is nobody outside"() {
        given:
        def map = [new IdMapping(0L, 100000L, 65536L)]
        def config = withLinux(withNamespace(config(), USER), [uidMappings: map, gidMappings: map])

        when:
        def result = sh('id -u; cat /proc/self/uid_map; stat -c "%t:%T" /dev/null; ' +
            '(echo > /proc/sys/kernel/panic) 2>/dev/null || echo refused', config)

        then:
        result.lines()*.trim()*.replaceAll(/ +/, ' ') == ['0', '0 100000 65536', '1:3', 'refused']
    }

    def "mounts of the config are there, beneath the root whatever its symlinks say"() {
        given:
        def outside = Files.createDirectories(shared.resolve('outside'))
        Files.createSymbolicLink(bundle.resolve('rootfs/link'), outside)
        def source = Files.writeString(shared.resolve('source.txt'), 'content')
        def bind = Mount.builder().destination('/link/deep/file').type('bind').source(source.toString())
            .options(['bind', 'ro']).build()
        def tmpfs = Mount.builder().destination('/mem').type('tmpfs').source('tmpfs')
            .options(['size=64k', 'mode=0700', 'noexec']).build()

        when:
        def mounted = config().toBuilder().mounts(config().mounts() + [bind, tmpfs]).build()
        def result = sh('cat /link/deep/file; echo; echo x > /link/deep/file || echo refused; ' +
            'grep " /mem " /proc/mounts', mounted)

        then:
        result.text().startsWith('content\n')
        result.text().contains('refused')
        result.text().contains('noexec') && result.text().contains('size=64k') && result.text().contains('mode=700')
        outside.toFile().list() == []

        cleanup:
        Files.deleteIfExists(bundle.resolve('rootfs/link'))
    }

    def "kernel parameters of a user namespace are set, the host's stay"() {
        given:
        def host = Files.readString(Path.of('/proc/sys/user/max_user_namespaces'))
        def ids = [new IdMapping(0, 100_000, 65_536)]
        def sysctl = ['user.max_user_namespaces': '7', 'user.max_inotify_watches': '11']
        def mapped = withLinux(withNamespace(config(), USER), [uidMappings: ids, gidMappings: ids, sysctl: sysctl])

        expect:
        sh('cat /proc/sys/user/max_user_namespaces /proc/sys/user/max_inotify_watches', mapped).lines() == ['7', '11']
        Files.readString(Path.of('/proc/sys/user/max_user_namespaces')) == host

        when: 'there is none'
        run(withLinux(config(), [sysctl: sysctl]))

        then:
        def e = thrown(ConfigException)
        e.message.contains("sysctl `user.max_user_namespaces` is not allowed in the host's user namespace")
    }

    def "kernel parameters of the container's own namespaces are set, the host's stay"() {
        given:
        def host = Files.readString(Path.of('/proc/sys/net/ipv4/ip_forward'))
        def other = host.trim() == '1' ? '0' : '1'

        expect:
        sh('cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax',
                withLinux(config(), [sysctl: ['net.ipv4.ip_forward': other, 'kernel.msgmax': '4711']])).lines() ==
                [other, '4711']
        Files.readString(Path.of('/proc/sys/net/ipv4/ip_forward')) == host
    }

    def "no descriptor but stdio reaches the program"() {
        expect:
        sh('ls /proc/self/fd').lines().findAll { it.toInteger() > 3 } == [] // 3 is the directory that ls reads
        start(config(['sleep', '100'])).exec('ls', '/proc/self/fd').lines().findAll { it.toInteger() > 3 } == []
    }

    def "the program sees no trace of the runtime's environment"() {
        expect:
        sh('env | cut -d= -f1 | sort').lines() - ['PATH', 'TERM', 'HOME', 'SHLVL', 'PWD', 'OLDPWD'] == []
    }
}
