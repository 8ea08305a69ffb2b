package dev.gantry.spec

import static dev.gantry.oci.NamespaceType.CGROUP
import static dev.gantry.oci.NamespaceType.MOUNT
import static dev.gantry.oci.NamespaceType.USER

import dev.gantry.error.ContainerException
import dev.gantry.oci.Device
import dev.gantry.oci.DeviceType
import dev.gantry.oci.IdMapping
import dev.gantry.oci.Mount
import dev.gantry.oci.OciConfig
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import dev.gantry.value.Definition
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions

/** What mounts of the config become, read inside of the container and on the host. */
@RequiresKernel(programs = ['busybox:busybox-static'])
class MountsKernelSpec extends ContainerSpecification {
    private static final List<IdMapping> MAP = [new IdMapping(0L, 100_000L, 65_536L)]

    private static Mount mount(String destination, String type, Object source, String... options) {
        Mount.builder().destination(destination).type(type).source(source.toString()).options(options as List).build()
    }

    private static Mount mapped(Mount m, List<IdMapping> map) {
        new Mount(m.destination(), m.type(), m.source(), m.options(), map, map)
    }

    private static OciConfig with(OciConfig config, Mount... mounts) {
        config.toBuilder().mounts(config.mounts() + mounts.toList()).build()
    }

    private OciConfig inUserNamespace(OciConfig config = config()) {
        withLinux(withNamespace(config, USER), [uidMappings: MAP, gidMappings: MAP])
    }

    private Path dir(String name, String permissions = 'rwxr-xr-x') {
        def made = Files.createDirectories(shared.resolve("${newId()}-$name"))
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(permissions))
    }

    /** The options of a mount as the container sees them: of the mount, then of the file system. */
    private List<String> optionsOf(String target, OciConfig config) {
        def result = sh("grep ' $target ' /proc/self/mountinfo | tail -n 1", config)
        assert result.exit() == 0 && result.text()
        def (mount, system) = result.text().trim().split(' - ')
        (mount.split(' ')[5].split(',') + system.split(' ')[2].split(',')).toList()
    }

    def "a bind keeps the flags of its source, or has exactly those that are given: #given"() {
        given:
        def source = host.tmpfs(dir('source'), 'nosuid,nodev,noatime')

        when:
        def options = optionsOf('/mnt', with(config(), mount('/mnt', 'bind', source, *(['bind'] + given))))

        then:
        options.findAll {
            it in ['ro', 'nosuid', 'nodev', 'noexec', 'noatime', 'nodiratime', 'relatime', 'nosymfollow']
        }.unique() - 'rw' == wanted

        where:
        given                    || wanted
        []                       || ['nosuid', 'nodev', 'noatime']
        ['ro']                   || ['ro', 'noatime']
        ['rw']                   || ['noatime']
        ['noexec', 'nodev']      || ['nodev', 'noexec', 'noatime']
        ['suid']                 || ['noatime']
        ['relatime']             || ['relatime']
        ['nosymfollow', 'nosuid'] || ['nosuid', 'noatime', 'nosymfollow']
    }

    def "`ro` is for the mount itself, `rro` for all below it"() {
        given:
        def source = host.tmpfs(dir('source'))
        host.tmpfs(Files.createDirectory(source.resolve('below')))

        expect:
        sh('touch /mnt/x || echo top; touch /mnt/below/x || echo below',
            with(config(), mount('/mnt', 'bind', source, 'rbind', option)))
                .lines().findAll { !it.contains(':') } == refused

        where:
        option || refused
        'ro'   || ['top']
        'rro'  || ['top', 'below']
    }

    def "the kind of atime is set for all mounts below too: #option"() {
        given:
        def source = host.tmpfs(dir('source'))
        host.tmpfs(Files.createDirectory(source.resolve('below')))

        expect:
        optionsOf('/mnt/below', with(config(), mount('/mnt', 'bind', source, 'rbind', option))).contains(seen) == there

        where:
        option         || seen       | there
        'rnoatime'     || 'noatime'  | true
        'rrelatime'    || 'relatime' | true
        'rstrictatime' || 'relatime' | false
        'rnoexec'      || 'noexec'   | true
    }

    def "flags that are locked in a user namespace stay unless they are asked away"() {
        given: 'a source that is nosuid and nodev, in a mount that the container bind mounts once more'
        def source = host.tmpfs(bundle.resolve('rootfs/locked').tap { Files.createDirectories(it) },
            'nosuid,nodev,mode=755')
        Files.createDirectories(source.resolve('x'))

        expect: 'opened late, from within the user namespace'
        optionsOf('/mnt', with(inUserNamespace(), mount('/mnt', 'bind', source.resolve('x'), 'bind', 'ro')))
            .containsAll(['ro', 'nosuid', 'nodev'])

        when:
        sh('true', with(inUserNamespace(), mount('/mnt', 'bind', source.resolve('x'), 'bind', 'dev')))

        then:
        def e = thrown(ContainerException)
        e.message.contains('the source is mounted `nosuid,nodev`, locked in this user namespace: ' +
            'operation not permitted (EPERM) [mounts[7]]')
    }

    def "options longer than fsconfig takes reach the file system"() {
        given: 'an overlay of twelve layers with long names'
        def layers = (1..12).collect { dir("layer-${'x' * 40}-$it") }
        layers.each { Files.writeString(it.resolve("from-${layers.indexOf(it)}"), '') }
        def overlay = mount('/mnt', 'overlay', 'overlay', 'ro', 'lowerdir=' + layers.join(':'))

        expect:
        layers.join(':').length() > 800
        sh('ls /mnt | wc -l', with(config(), overlay)).text().trim() == '12'
        optionsOf('/mnt', with(config(), overlay)).contains('ro')
    }

    def "a tmpfs takes the mode of the directory it covers, unless it is told one: #options"() {
        given:
        Files.createDirectories(bundle.resolve('rootfs/moody'))
        Files.setPosixFilePermissions(bundle.resolve('rootfs/moody'), PosixFilePermissions.fromString('rwx--x---'))

        expect:
        sh('stat -c %a /moody', with(config(), mount('/moody', 'tmpfs', 'tmpfs', *options))).text().trim() == mode
        optionsOf('/moody', with(config(), mount('/moody', 'tmpfs', 'tmpfs', *options)))
            .any { it == "mode=$mode".toString() } == (mode != '1777')

        where:
        options         || mode
        []              || '710'
        ['mode=0750']   || '750'
        ['ro']          || '710'
    }

    def "a tmpfs on a new mount point is for everybody, its directory is not"() {
        given:
        def point = bundle.resolve('rootfs/newly')

        expect:
        sh('stat -c %a /newly', with(config(), mount('/newly', 'tmpfs', 'tmpfs'))).text().trim() == '1777'
        PosixFilePermissions.toString(Files.getPosixFilePermissions(point)) == 'rwxr-xr-x'

        cleanup:
        Files.deleteIfExists(point)
    }

    def "`tmpcopyup` begins as a copy with owners, modes, times and links"() {
        given:
        def covered = Files.createDirectories(bundle.resolve('rootfs/copied/deep/er'))
        def file = Files.writeString(covered.resolve('file'), 'x' * 3_000_000)
        Files.setAttribute(file, 'unix:uid', 7)
        Files.setAttribute(file, 'unix:mode', 0104750)
        Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(1_000_000_000_000))
        Files.createSymbolicLink(covered.resolve('link'), Path.of('/nowhere'))

        when:
        def seen = sh('stat -c "%a %u %s %Y" /copied/deep/er/file; readlink /copied/deep/er/link; ' +
            'echo y > /copied/deep/er/new; stat -f -c %T /copied',
                with(config(), mount('/copied', 'tmpfs', 'tmpfs', 'tmpcopyup'))).lines()

        then:
        seen == ['4750 7 3000000 1000000000', '/nowhere', 'tmpfs']
        !Files.exists(covered.resolve('new'))
    }

    def "a copy that does not fit is an error"() {
        given:
        Files.createDirectories(bundle.resolve('rootfs/big'))
        Files.writeString(bundle.resolve('rootfs/big/big'), 'x' * 3_000_000)

        when:
        sh('true', with(config(), mount('/big', 'tmpfs', 'tmpfs', 'tmpcopyup', 'size=1m')))

        then:
        def e = thrown(ContainerException)
        e.message.contains('copy `big`: no space left on device (ENOSPC) [mounts[7]]')
    }

    def "ids of a bind mount are mapped as it says, with several ranges, and one source in two ways"() {
        given:
        def source = dir('source')
        ['0', '1', '1000'].each { id ->
            Files.setAttribute(Files.writeString(source.resolve(id), ''), 'unix:uid', id.toInteger())
        }
        def shift = [new IdMapping(0L, 2000L, 10L), new IdMapping(1000L, 5000L, 1L)]
        def swap = [new IdMapping(0L, 1L, 1L), new IdMapping(1L, 0L, 1L), new IdMapping(1000L, 1000L, 1L)]

        when:
        def seen = sh('stat -c %u /a/0 /a/1 /a/1000 /b/0 /b/1 /b/1000', with(config(),
                mapped(mount('/a', 'bind', source, 'bind'), shift), mapped(mount('/b', 'bind', source, 'rbind'), swap)))
                .lines()

        then:
        seen == ['2000', '2001', '5000', '1', '0', '1000']
        Files.getAttribute(source.resolve('1'), 'unix:uid') == 1
    }

    def "`#option` takes the user namespace's own mappings, #what"() {
        given:
        def source = dir('source')
        host.tmpfs(Files.createDirectory(source.resolve('below')), 'mode=755')
        Files.writeString(source.resolve('file'), '')
        Files.writeString(source.resolve('below/file'), '')

        expect:
        sh('stat -c %u /mnt/file /mnt/below/file',
            with(inUserNamespace(), mount('/mnt', 'bind', source, 'rbind', option))).lines() == owners

        where:
        option   | what                     || owners
        'idmap'  | 'for the mount itself'   || ['0', '65534']
        'ridmap' | 'for all that are below' || ['0', '0']
    }

    def "`#option` says mappings, as for crun"() {
        given: 'a container whose ids from 5 on are those from 200,000 on here'
        def source = dir('source')
        [0, 1, 7].each { id ->
            def file = Files.writeString(source.resolve("$id"), '')
            Files.setAttribute(file, 'unix:uid', id)
            Files.setAttribute(file, 'unix:gid', id)
        }
        def users = [new IdMapping(0L, 100_000L, 5L), new IdMapping(5L, 200_000L, 100L)]
        def box = withLinux(withNamespace(config(), USER),
            [uidMappings: users, gidMappings: [new IdMapping(0L, 100_000L, 1000L)]])

        expect:
        sh('stat -c %u:%g /mnt/0 /mnt/1 /mnt/7', with(box, mount('/mnt', 'bind', source, 'rbind', option))).lines() ==
            owners.split(' ') as List

        where:
        option                                                    || owners
        'idmap=uids=0-100000-5;gids=0-100000-10'                  || '0:0 1:1 65534:7'
        'idmap=gids=0-100000-10;uids=0-100001-1#7-100004-1'       || '1:0 65534:1 4:7'
        'idmap=uids=@0-1-3;gids=@0-1-3'                           || '1:1 2:2 65534:65534'
        'ridmap=uids=@0-0-8;gids=@0-0-3'                          || '0:0 1:1 7:65534'
        'idmap=uids=@1-3-8;gids=1-100000-1#@7-900-1'              || '65534:65534 3:0 9:900'
        'idmap=uids=@7-1-1'                                       || '65534:0 65534:1 1:7'
        'idmap=gids=@7-1-1'                                       || '0:65534 1:65534 7:1'
        'idmap='                                                  || '0:0 1:1 7:7'
    }

    def "`idmap` takes the mappings of a user namespace that is joined"() {
        given:
        def source = dir('source')
        Files.writeString(source.resolve('file'), '')
        def first = start(withProcess(inUserNamespace(), [args: ['sleep', '100']]))
        def joined = config().linux().namespaces() +
            new dev.gantry.oci.Namespace(USER, "/proc/${first.state().pid()}/ns/user")

        expect:
        sh('stat -c %u /mnt/file; cat /proc/self/uid_map',
            with(withLinux(config(), [namespaces: joined]), mount('/mnt', 'bind', source, 'bind', 'idmap')))
                .lines()*.trim()*.replaceAll(/ +/, ' ') == ['0', '0 100000 65536']
    }

    def "sources and a rootfs below a directory that its user may not enter are there in a user namespace"() {
        given:
        def hidden = dir('hidden', 'rwx------')
        def source = Files.createDirectories(hidden.resolve('source'))
        Files.writeString(source.resolve('file'), 'content')
        def own = hidden.resolve('bundle')
        dev.gantry.spec.support.Busybox.rootfs(own.resolve('rootfs'))
        def wanted = withProcess(with(inUserNamespace(), mount('/mnt', 'bind', source, 'rbind', 'ro')),
            [args: ['cat', '/mnt/file']])

        Files.createDirectories(own.resolve('rootfs/mnt'))

        when: 'mount points that only root can make are there'
        run(config(), gantry, Definition.of(config(), own))

        then:
        run(wanted, gantry, Definition.of(wanted, own)).text() == 'content'
    }

    def "a source may lie in an earlier mount of the container's own root, #where"() {
        given:
        Files.createDirectories(bundle.resolve('rootfs/early'))
        def early = mount('/early', 'tmpfs', 'tmpfs', 'mode=0711')
        def late = mount('/late', 'bind', 'rootfs/early', 'bind')

        expect:
        sh('stat -c %a /late', with(change(config()), early, late)).text().trim() == '711'

        where:
        where                 | change
        'in the host\'s'      | { it }
        'in a user namespace' | { inUserNamespace(it) }
    }

    def "a mount of type none with rbind is a bind mount, procfs over procfs too"() {
        given:
        def mounts = config().mounts()
            .collect { it.destination() == '/proc' ? mount('/proc', 'none', '/proc', 'rbind') : it }
        def config = withLinux(config().toBuilder().mounts(mounts).build(),
            [namespaces: config().linux().namespaces().findAll { it.type().ociName() != 'pid' }])

        expect:
        sh('readlink /proc/self | grep -qE "^[0-9]+$" && echo $$', config).text().trim().toLong() > 1
    }

    def "nothing but procfs is bound to /proc, and sysfs to /sys: #target"() {
        given:
        def mounts = config().mounts().findAll { it.destination() != target } +
            mount(target, 'bind', dir('fake'), 'bind')

        when:
        sh('true', config().toBuilder().mounts(mounts).build())

        then:
        def e = thrown(ContainerException)
        e.message.contains('the source is another file system than belongs there: operation not permitted (EPERM)')

        where:
        target << ['/proc', '/sys']
    }

    def "cgroups are mounted read-only, #what"() {
        when:
        def seen = sh('for d in /sys/fs/cgroup /sys/fs/cgroup/*; do mkdir $d/x 2>/dev/null && echo $d; done; ' +
            'cat /sys/fs/cgroup/pids/tasks | wc -l; grep -c " /sys/fs/cgroup/" /proc/self/mountinfo', change(config()))
            .lines()

        then:
        seen.size() == 2
        seen[0].toInteger() >= 1
        seen[1].toInteger() == dev.gantry.cgroup.Hierarchies.read().size()

        where:
        what                                            | change
        'the own ones of the host\'s'                   | { it }
        'in a cgroup namespace'                         | { withNamespace(it, CGROUP) }
        'in a user namespace without a cgroup namespace' | { inUserNamespace(it) }
        'in a user and a cgroup namespace'              | { inUserNamespace(withNamespace(it, CGROUP)) }
    }

    def "devices are made of their kind, with owner and mode, and default ones may be listed again"() {
        given:
        def devices = [
                new Device(DeviceType.CHARACTER, '/dev/null', 1L, 3L, 0666L, 0L, 0L),
                new Device(DeviceType.CHARACTER, '/dev/deep/er/one', 1L, 5L, 0640L, 3L, 4L),
                new Device(DeviceType.BLOCK, '/dev/two', 7L, 300L, 0600L, 0L, 6L),
                new Device(DeviceType.FIFO, '/dev/three', null, null, 0622L, 1L, 1L),
        ]

        expect:
        sh('stat -c "%F %a %t:%T %u:%g" /dev/null /dev/deep/er/one /dev/two /dev/three',
                withLinux(config(), [devices: devices])).lines() == [
                'character special file 666 1:3 0:0', 'character special file 640 1:5 3:4',
                'block special file 600 7:12c 0:6', 'fifo 622 0:0 1:1']
    }

    private static Device zero(String path, long uid = 0, long gid = 0, Long mode = 0666L) {
        new Device(DeviceType.CHARACTER, path, 1L, 5L, mode, uid, gid)
    }

    def "in a user namespace the host's device is bound, if it is that one"() {
        given:
        def full = [new Device(DeviceType.CHARACTER, '/dev/full', 1L, 7L, 0600L, 3L, 4L)]

        expect:
        sh('stat -c "%t:%T %a" /dev/full', withLinux(inUserNamespace(), [devices: full])).text().trim() == '1:7 666'
    }

    def "in a user namespace a device that the host lacks at its path is made with owner and mode, and works: #what"() {
        given:
        def devices = [device, new Device(DeviceType.BLOCK, '/dev/two', 7L, 300L, 0600L, 0L, 6L)]
        def look = "stat -c '%F %a %t:%T %u:%g' $device.path /dev/two; head -c 2 $device.path | od -An -tx1; " +
            "grep '$device.path' /proc/self/mountinfo"

        when:
        def lines = sh(look, withLinux(inUserNamespace(), [devices: devices])).lines()

        then:
        lines[0] == "character special file $mode 1:5 $owner".toString()
        lines[1] == 'block special file 600 7:12c 0:6'
        lines[2].trim() == '00 00'
        lines[3].split(' ')[5] == 'rw,nosuid,noexec,relatime'
        lines.size() == 4

        where:
        what                                    | device                         | mode | owner
        'in a directory of its own'             | zero('/dev/deep/er/one', 3, 4) | 666  | '3:4'
        'where the host has another'            | zero('/dev/full', 0, 0, 0640L) | 640  | '0:0'
        'of an owner who does not exist inside' | zero('/dev/zero-2', 70_000, 4) | 666  | '0:4'
        'of the usual mode'                     | zero('/dev/zero-3', 1, 1, null) | 666 | '1:1'
    }

    def "a device made for a user namespace leaves no mount behind, without one for /dev either"() {
        given:
        def bare = inUserNamespace().toBuilder().mounts(config().mounts().findAll { it.destination() == '/proc' })
            .build()
        Files.createDirectories(bundle.resolve('rootfs/dev'))
        Files.setAttribute(bundle.resolve('rootfs/dev'), 'unix:uid', 100_000)

        expect:
        sh('cut -d" " -f5 /proc/self/mountinfo; ls /', withLinux(bare, [devices: [zero('/dev/own')]])).lines()
            .findAll { it == '/' || it == '/dev/own' || it == 'node' } == ['/', '/dev/own']

        cleanup:
        bundle.resolve('rootfs/dev').toFile().listFiles()*.delete()
    }

    def "a device is not made over another file"() {
        given:
        def bare = config().toBuilder().mounts(config().mounts().findAll { !it.destination().startsWith('/dev') })
            .build()
        Files.createDirectories(bundle.resolve('rootfs/dev'))
        Files.writeString(bundle.resolve('rootfs/dev/odd'), '')

        when:
        sh('true', withLinux(bare, [devices: [new Device(DeviceType.CHARACTER, '/dev/odd', 1L, 3L, 0666L, 0L, 0L)]]))

        then:
        def e = thrown(ContainerException)
        e.message.contains('another file is in its place: file exists (EEXIST) [linux.devices[0]]')

        cleanup:
        bundle.resolve('rootfs/dev').toFile().listFiles()*.delete()
    }

    def "masks of directories are one file system, in a read-only root too"() {
        given:
        ['m1', 'm2'].each { Files.createDirectories(bundle.resolve("rootfs/$it/inside")) }
        def config = withLinux(config(),
            [maskedPaths: ['/m1', '/m2', '/etc/passwd', '/not/there'], readonlyPaths: ['/bin', '/not/there']])
                .toBuilder().root(new dev.gantry.oci.Root('rootfs', true)).build()

        when:
        def seen = sh('ls /m1 /m2; stat -c %d /m1 /m2; wc -c < /etc/passwd; touch /m1/x 2>&1 | grep -c Read-only',
            config).lines()

        then:
        seen.findAll { it ==~ /\d+/ }[0..1].unique().size() == 1
        !seen.contains('inside')
        seen[-2..-1] == ['0', '1']
    }
}
