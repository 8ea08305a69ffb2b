package dev.gantry.spec

import static dev.gantry.oci.NamespaceType.USER

import dev.gantry.error.ContainerException
import dev.gantry.oci.IdMapping
import dev.gantry.oci.Mount
import dev.gantry.oci.OciConfig
import dev.gantry.oci.Root
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions

/**
 * Which flags a mount has in the end: those of a bind by its source's, its options and the user namespace, as with
 * runc.
 */
@RequiresKernel(programs = ['busybox:busybox-static'])
class MountFlagsKernelSpec extends ContainerSpecification {
    private static final List<IdMapping> MAP = [new IdMapping(0L, 100_000L, 65_536L)]

    private static final List<String> LOCKABLE = ['ro', 'nosuid', 'nodev', 'noexec', 'noatime', 'nodiratime']

    private static Mount mount(String destination, String type, Object source, List<String> options) {
        Mount.builder().destination(destination).type(type).source(source.toString()).options(options).build()
    }

    private OciConfig with(List<Mount> mounts, boolean inUserNamespace) {
        def all = config().toBuilder().mounts(config().mounts() + mounts).build()
        inUserNamespace ? withLinux(withNamespace(all, USER), [uidMappings: MAP, gidMappings: MAP]) : all
    }

    private Path source(String flags) {
        host.tmpfs(Files.createDirectories(shared.resolve(newId())), ['mode=755', *flags.tokenize(',')].join(','))
    }

    /** Flags of the mounts on /mnt-0 and so on, by their options. */
    private Map<String, String> seenFlags(List<String> options, OciConfig config) {
        def seen = sh("grep ' /mnt-' /proc/self/mountinfo", config).lines().collectEntries { line ->
            def fields = line.split(' ')
            [(fields[4] - '/mnt-').toInteger(), fields[5]]
        }
        options.withIndex().collectEntries { option, i -> [option, seen[i]] }
    }

    private List<Mount> binds(Path source, List<String> options) {
        // the container's root may not
        options.indices.each { Files.createDirectories(bundle.resolve("rootfs/mnt-$it")) }
        options.withIndex().collect { option, i -> mount("/mnt-$i", 'bind', source, ['bind', *option.tokenize(',')]) }
    }

    def cleanup() {
        bundle.resolve('rootfs').toFile().listFiles().findAll { it.name.startsWith('mnt-') }*.delete()
    }

    def "a bind of a source that is `#flags` has the flags that runc gives it, user namespace: #inUserNamespace"() {
        given:
        def options = wanted.values().flatten()

        expect:
        def seen = seenFlags(options, with(binds(source(flags), options), inUserNamespace))
        seen == wanted.collectEntries { result, asking -> asking.collectEntries { [it, result] } }

        where:
        flags                          | inUserNamespace || wanted
        ''                             | false           ||
            ['rw,relatime': ['', 'rw', 'suid', 'dev', 'symfollow', 'atime', 'relatime', 'norelatime',
                'nostrictatime', 'diratime', 'noatime,atime'], 'ro,relatime': ['ro'], 'rw,nosuid,relatime': ['nosuid'],
                'rw,relatime,nosymfollow': ['nosymfollow'], 'rw,noatime': ['noatime', 'rnoatime'],
                'rw': ['strictatime'], 'rw,nodiratime,relatime': ['nodiratime'], 'ro,noatime': ['ro,noatime']]
        ''                             | true            ||
            ['rw,relatime': ['', 'rw', 'suid', 'dev', 'symfollow', 'atime', 'relatime', 'norelatime', 'nostrictatime',
                'diratime', 'noatime,atime'], 'ro,relatime': ['ro'], 'rw,nosuid,relatime': ['nosuid'],
                'rw,relatime,nosymfollow': ['nosymfollow']]
        'nosuid,nodev'                 | false           ||
            ['rw,nosuid,nodev,relatime': [''], 'rw,relatime': ['rw', 'suid', 'dev', 'symfollow', 'atime',
                'relatime', 'norelatime', 'nostrictatime', 'diratime', 'noatime,atime'], 'ro,relatime': ['ro'],
                'rw,nosuid,relatime': ['nosuid'], 'rw,relatime,nosymfollow': ['nosymfollow'], 'rw,noatime': ['noatime'],
                'rw': ['strictatime'], 'rw,nodiratime,relatime': ['nodiratime'], 'ro,noatime': ['ro,noatime'],
                'rw,nosuid,nodev,noatime': ['rnoatime']]
        'nosuid,nodev'                 | true            ||
            ['rw,nosuid,nodev,relatime': ['', 'rw', 'nosuid', 'symfollow', 'atime', 'relatime',
                'norelatime', 'nostrictatime', 'diratime', 'noatime,atime'], 'ro,nosuid,nodev,relatime': ['ro'],
                'rw,nosuid,nodev,relatime,nosymfollow': ['nosymfollow']]
        'noatime'                      | false           ||
            ['rw,noatime': ['', 'rw', 'suid', 'dev', 'symfollow', 'noatime', 'atime', 'norelatime',
                'nostrictatime', 'diratime', 'noatime,atime', 'rnoatime'], 'ro,noatime': ['ro', 'ro,noatime'],
                'rw,nosuid,noatime': ['nosuid'], 'rw,noatime,nosymfollow': ['nosymfollow'], 'rw,relatime': ['relatime'],
                'rw': ['strictatime'], 'rw,nodiratime,relatime': ['nodiratime']]
        'noatime'                      | true            ||
            ['rw,noatime': ['', 'rw', 'suid', 'dev', 'symfollow', 'noatime', 'atime', 'norelatime',
                'nostrictatime', 'diratime', 'noatime,atime', 'rnoatime'], 'ro,noatime': ['ro', 'ro,noatime'],
                'rw,nosuid,noatime': ['nosuid'], 'rw,noatime,nosymfollow': ['nosymfollow']]
        'nodiratime'                   | false           ||
            ['rw,nodiratime,relatime': ['', 'rw', 'suid', 'dev', 'symfollow', 'atime', 'norelatime',
                'nostrictatime', 'nodiratime', 'diratime', 'noatime,atime'], 'ro,nodiratime,relatime': ['ro'],
                'rw,nosuid,nodiratime,relatime': ['nosuid'], 'rw,nodiratime,relatime,nosymfollow': ['nosymfollow'],
                'rw,noatime': ['noatime'], 'rw,relatime': ['relatime'], 'rw': ['strictatime'],
                'ro,noatime': ['ro,noatime'], 'rw,noatime,nodiratime': ['rnoatime']]
        'nodiratime'                   | true            ||
            ['rw,nodiratime,relatime': ['', 'rw', 'suid', 'dev', 'symfollow', 'atime', 'relatime', 'norelatime',
                'nostrictatime', 'nodiratime', 'diratime', 'noatime,atime'], 'ro,nodiratime,relatime': ['ro'],
                'rw,nosuid,nodiratime,relatime': ['nosuid'], 'rw,nodiratime,relatime,nosymfollow': ['nosymfollow']]
        'nosymfollow'                  | false           ||
            ['rw,relatime,nosymfollow': ['', 'nosymfollow'], 'rw,relatime': ['rw', 'suid',
                'dev', 'symfollow', 'atime', 'relatime', 'norelatime', 'nostrictatime', 'diratime', 'noatime,atime'],
                'ro,relatime': ['ro'], 'rw,nosuid,relatime': ['nosuid'], 'rw,noatime': ['noatime'],
                'rw': ['strictatime'], 'rw,nodiratime,relatime': ['nodiratime'], 'ro,noatime': ['ro,noatime'],
                'rw,noatime,nosymfollow': ['rnoatime']]
        'nosymfollow'                  | true            ||
            ['rw,relatime,nosymfollow': ['', 'nosymfollow'], 'rw,relatime': ['rw', 'suid', 'dev', 'symfollow',
                'atime', 'relatime', 'norelatime', 'nostrictatime', 'diratime', 'noatime,atime'], 'ro,relatime': ['ro'],
                'rw,nosuid,relatime': ['nosuid']]
        'strictatime'                  | false           ||
            ['rw': ['', 'rw', 'suid', 'dev', 'symfollow', 'atime', 'norelatime',
                'strictatime', 'nostrictatime', 'diratime', 'noatime,atime'], 'ro': ['ro'], 'rw,nosuid': ['nosuid'],
                'rw,nosymfollow': ['nosymfollow'], 'rw,noatime': ['noatime', 'rnoatime'], 'rw,relatime': ['relatime'],
                'rw,nodiratime,relatime': ['nodiratime'], 'ro,noatime': ['ro,noatime']]
        'strictatime'                  | true            ||
            ['rw': ['', 'rw', 'suid', 'dev', 'symfollow', 'atime', 'norelatime', 'strictatime', 'nostrictatime',
                'diratime', 'noatime,atime'], 'ro': ['ro'], 'rw,nosuid': ['nosuid'], 'rw,nosymfollow': ['nosymfollow']]
        'ro,noexec,noatime,nodiratime' | false           ||
            ['ro,noexec,noatime,nodiratime': ['', 'rnoatime'], 'rw,noatime,nodiratime': [
                'rw', 'suid', 'dev', 'symfollow', 'atime', 'norelatime', 'nostrictatime', 'diratime', 'noatime,atime'
            ], 'ro,noatime,nodiratime': ['ro'], 'rw,nosuid,noatime,nodiratime': ['nosuid'],
                'rw,noatime,nodiratime,nosymfollow': ['nosymfollow'], 'rw,noatime': ['noatime'],
                'rw,relatime': ['relatime'], 'rw': ['strictatime'], 'rw,nodiratime,relatime': ['nodiratime'],
                'ro,noatime': ['ro,noatime']]
        'ro,noexec,noatime,nodiratime' | true            ||
            ['ro,noexec,noatime,nodiratime': ['', 'suid', 'dev', 'ro', 'symfollow', 'noatime', 'atime',
                'norelatime', 'nostrictatime', 'diratime', 'ro,noatime', 'noatime,atime', 'rnoatime'],
                'ro,nosuid,noexec,noatime,nodiratime': ['nosuid'],
                'ro,noexec,noatime,nodiratime,nosymfollow': ['nosymfollow']]
    }

    def "a flag that is locked in a user namespace cannot be asked away: `#option` of `#flags`"() {
        when:
        sh('true', with(binds(source(flags), [option]), true))

        then:
        def e = thrown(ContainerException)
        e.message.contains("the source is mounted `$told`, locked in this user namespace: " +
            "operation not permitted (EPERM)")

        where:
        flags          | option        || told
        'nosuid,nodev' | 'suid'        || 'nosuid,nodev'
        'nosuid,nodev' | 'dev,ro'      || 'nosuid,nodev'
        'noatime'      | 'relatime'    || 'with other access times'
        'strictatime'  | 'noatime'     || 'with other access times'
        'nosuid'       | 'strictatime' || 'nosuid,with other access times'
        'ro'           | 'rw'          || 'ro'
    }

    /** A mount whose flags can all be locked, in a directory that root of the container may enter or not. */
    private Path lockedSource(boolean inReach) {
        def place = Files.createDirectories(shared.resolve(newId()))
        def source = host.tmpfs(Files.createDirectory(place.resolve('source')), 'mode=755,' + LOCKABLE.join(','))
        Files.setAttribute(place, 'unix:mode', inReach ? 0755 : 0700)
        source
    }

    def "root with all capabilities takes no flag of the host's away from a source that is #what"() {
        given:
        def box = withAllCapabilities(with(binds(lockedSource(inReach), [options]), true))
        def attempts = ['rw', 'suid', 'dev', 'exec', 'atime', 'diratime',
            LOCKABLE.collect { it - 'no' }.join(',').replace('ro', 'rw')]
        def remount = { "mount -o remount,bind,$it /mnt-0" }

        expect:
        sh("${remount('ro')} && echo as before", box).text() == 'as before\n'
        def seen = sh(attempts.collect { "${remount(it)} 2>&1; echo \$?" }.join('; ') +
            "; grep ' /mnt-0 ' /proc/self/mountinfo", box).lines()
        seen[0..-2] == attempts.collectMany { ["mount: permission denied (are you root?)", '1'] }
        (seen.last().split(' ')[5].tokenize(',') - 'idmapped') as Set == LOCKABLE as Set

        where:
        what                      | inReach | options
        'in reach'                | true    | ''
        'out of reach'            | false   | ''
        'mapped'                  | true    | 'idmap'
        'mapped by a given map'   | true    | 'idmap=uids=0-0-10;gids=0-0-10'
        'mapped and out of reach' | false   | 'idmap'
        'mapped, with all below'  | true    | 'rbind,ridmap'
    }

    def "a mount below a mapped source can neither be unmounted nor made writable"() {
        given:
        def source = source('')
        host.tmpfs(Files.createDirectory(source.resolve('below')), 'mode=755,ro')
        def box = withAllCapabilities(with(binds(source, ['rbind,ridmap']), true))

        expect:
        sh('umount /mnt-0/below 2>&1; mount -o remount,bind,rw /mnt-0/below 2>&1; echo x > /mnt-0/below/x', box)
                .lines() == [
                "umount: can't unmount /mnt-0/below: Invalid argument", 'mount: permission denied (are you root?)',
                "sh: can't create /mnt-0/below/x: Read-only file system"]
    }

    def "what a mapped source's flags are locked with is seen nowhere"() {
        given:
        def box = withAllCapabilities(with(binds(source(''), ['idmap']), true))

        expect:
        sh("awk '{ print \$5 }' /proc/self/mountinfo | grep -v -E '^/(proc|sys|dev)' | sort; cd /..; ls -d 0 2>&1", box)
            .lines() ==
                ['/', '/mnt-0', 'ls: 0: No such file or directory']
    }

    def "a root that holds the state root shows nothing of what its sources' flags are locked with, by #what"() {
        given: 'the directory in which the bundle and the state root are'
        def link = Files.createSymbolicLink(bundle.resolve('all'), shared)
        def made = ['proc', 'dev', 'sys', 'mnt-0'].collect { shared.resolve(it) }
        made.each { Files.createDirectories(it) }
        Files.setPosixFilePermissions(stateRoot, PosixFilePermissions.fromString('rwxr-xr-x'))
        def root = new Root((isLink ? link : shared).toString(), false)
        def box = withAllCapabilities(with([mount('/mnt-0', 'bind', source('ro'), ['bind'])], true))
        def script = 'B=/bundle/rootfs/bin/busybox; $B mount -o remount,rw /mnt-0 2>&1; ' +
                '$B find /state -name "[0-9]*" 2>/dev/null; $B grep -c /state /proc/self/mountinfo'
        def config = withProcess(box, [args: ['/bundle/rootfs/bin/busybox', 'sh', '-c', script]]).toBuilder().root(root)
            .build()

        expect:
        run(config).lines() == ['mount: permission denied (are you root?)', '0']

        cleanup:
        Files.setPosixFilePermissions(stateRoot, PosixFilePermissions.fromString('rwx------'))
        [*made, link].each { Files.delete(it) }

        where:
        what         | isLink
        'its path'   | false
        'a link'     | true
    }

    def "devices that are bound in a user namespace are nosuid and noexec"() {
        expect:
        def seen = sh("grep -E ' /dev/(null|zero|full|random|urandom|tty) ' /proc/self/mountinfo", with([], true))
            .lines()*.split(' ')
        seen*.getAt(4).sort() == ['/dev/full', '/dev/null', '/dev/random', '/dev/tty', '/dev/urandom', '/dev/zero']
        seen.every { it[5].tokenize(',').containsAll(['nosuid', 'noexec']) }
    }

    def "`#options` keeps the mounts below the source"() {
        given:
        def source = source('')
        host.tmpfs(Files.createDirectory(source.resolve('below')))
        Files.writeString(source.resolve('below/file'), 'here')

        expect:
        sh('cat /mnt-0/below/file', with([mount('/mnt-0', 'bind', source, options)], false)).text() == 'here'

        where:
        options << [['rbind', 'bind'], ['bind', 'rbind'], ['rbind', 'ro', 'bind'], ['rbind', 'bind', 'rro']]
    }

    def "a new #type has the recursive flags itself: #options"() {
        expect:
        def seen = seenFlags(['x'], with([mount('/mnt-0', type, type, options)], false))
        wanted.every { seen.x.tokenize(',').contains(it) }
        !seen.x.tokenize(',').any { it in unwanted }

        where:
        type     | options                          || wanted                         | unwanted
        'tmpfs'  | ['rro']                          || ['ro']                         | ['rw']
        'tmpfs'  | ['ro', 'rrw', 'rnosuid']         || ['rw', 'nosuid']               | ['ro']
        'tmpfs'  | ['rro', 'tmpcopyup']             || ['ro']                         | ['rw']
        'tmpfs'  | ['noatime', 'rstrictatime']      || ['rw']                         | ['noatime', 'relatime']
        'proc'   | ['rro', 'rnosuid', 'rnoexec']    || ['ro', 'nosuid', 'noexec']     | ['rw']
        'sysfs'  | ['rro', 'rnoatime']              || ['ro', 'noatime']              | ['rw', 'relatime']
        'mqueue' | ['rro', 'rnosymfollow']          || ['ro', 'nosymfollow']          | ['rw']
        'devpts' | ['newinstance', 'rnodiratime']   || ['nodiratime']                 | []
    }

    def "flags and propagation of a cgroup mount are taken: #options"() {
        given:
        def mounts = config().mounts().findAll { it.type() != 'cgroup' } +
            mount('/sys/fs/cgroup', 'cgroup', 'cgroup', options)

        expect:
        def seen = sh("grep ' /sys/fs/cgroup' /proc/self/mountinfo", config().toBuilder().mounts(mounts).build())
            .lines()*.split(' ')
        seen && seen.every { line -> wanted.every { line[5].tokenize(',').contains(it) } }

        where:
        options                || wanted
        ['ro', 'noatime']      || ['ro', 'noatime', 'nosuid', 'nodev', 'noexec']
        ['rro']                || ['ro', 'nosuid', 'nodev', 'noexec']
        ['rnoatime']           || ['rw', 'noatime']
    }

    def "a root that is a symbolic link is the directory that it leads to, #what"() {
        given:
        def link = bundle.resolve("latest-${newId()}")
        Files.createSymbolicLink(link, target(bundle))
        def linked = with([], inUserNamespace).toBuilder().root(new Root(link.toString(), false)).build()

        expect:
        sh('test -x /bin/busybox && pwd', linked).text() == '/\n'

        cleanup:
        Files.delete(link)

        where:
        what                      | inUserNamespace | target
        'relative'                | false           | { Path.of('rootfs') }
        'absolute'                | false           | { it.resolve('rootfs') }
        'in a user namespace too' | true            | { it.resolve('rootfs') }
    }

    def "a destination below the root's own path on the host is one below the root"() {
        expect:
        sh('grep -c " /inside " /proc/self/mountinfo',
            with([mount(bundle.resolve('rootfs/inside').toString(), 'tmpfs', 'tmpfs', [])], false)).text() == '1\n'

        cleanup:
        Files.deleteIfExists(bundle.resolve('rootfs/inside'))
    }
}
