package dev.gantry.host

import dev.gantry.files.RawPath
import dev.gantry.plan.HostEntry
import dev.gantry.proc.MountInfo
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir

/** What of the machine's root file system a view of it shows, and how. */
class HostTreeSpec extends Specification {
    @TempDir Path root

    private void directories(String... paths) {
        paths.each { Files.createDirectories(root.resolve(it.substring(1))) }
    }

    /** Mounts are written as `point type`. */
    private List<String> read(List<String> mounts, boolean ownsMounts = false) {
        def mountinfo = mounts.collect { it.split(' ') }
            .collect { "36 35 98:0 / ${it[0]} rw,noatime shared:1 - ${it[1]} source rw".toString() }
        lines(new HostTree(root, MountInfo.parse(['1 0 8:1 / / rw - ext4 /dev/vda rw', *mountinfo]), ownsMounts).read())
    }

    private static List<String> lines(List<HostEntry> entries) {
        entries.collectMany { ["$it.path $it.kind".toString()] + lines(it.inside()) }
    }

    def "a user's view has a layer for each directory without mounts, and no others"() {
        given:
        directories('/etc', '/dev', '/home/own', '/home/far', '/proc', '/run/lock', '/sys', '/tmp', '/srv/a/b/mnt',
            '/srv/a/c', '/srv/d')
        Files.createSymbolicLink(root.resolve('bin'), Path.of('usr/bin'))
        Files.createSymbolicLink(root.resolve('srv/link'), Path.of('a'))
        Files.writeString(root.resolve('file'), '')
        Files.writeString(root.resolve('srv/file'), '')
        assert ['mkfifo', root.resolve('srv/fifo').toString()].execute().waitFor() == 0

        expect:
        read(['/dev tmpfs', '/home/own ext4', '/home/far fuse.sshfs', '/srv/a/b/mnt tmpfs', '/proc proc',
                '/sys sysfs']) == [
                '/bin LINK', '/etc LAYER', '/home SPLIT', '/home/far EMPTY', '/home/own LAYER', '/run EMPTY',
                '/srv SPLIT', '/srv/a SPLIT', '/srv/a/b EMPTY', '/srv/a/c LAYER', '/srv/d LAYER', '/srv/link LINK',
                '/tmp LAYER']
    }

    def "root of the machine leaves out what is mounted in a directory"() {
        given:
        directories('/etc', '/run/lock', '/srv/mnt', '/tmp/mnt', '/boot')

        expect:
        read(['/srv/mnt tmpfs', '/run/lock tmpfs', '/tmp/mnt tmpfs', '/boot vfat'], true) ==
                ['/boot EMPTY', '/etc LAYER', '/run EMPTY', '/srv WITHOUT_MOUNTS', '/tmp WITHOUT_MOUNTS']
    }

    def "with #mount mounted, #shown"() {
        given:
        directories('/tmp/a', '/srv/a b/c', '/srv/x/y')

        expect:
        read([mount]).containsAll(shown)

        where:
        mount                   || shown
        '/tmp/a tmpfs'          || ['/tmp EMPTY']
        '/tmp tmpfs'            || ['/tmp LAYER']
        '/tmp autofs'           || ['/tmp EMPTY']
        '/srv vfat'             || ['/srv EMPTY']
        '/srv/x ext4'           || ['/srv SPLIT', '/srv/x LAYER', '/srv/a b LAYER']
        '/srv/a\\040b/c ext4'   || ['/srv SPLIT', '/srv/a b SPLIT', '/srv/a b/c LAYER', '/srv/x LAYER']
        '/srv/x/y proc'         || ['/srv/x SPLIT', '/srv/x/y EMPTY']
    }

    def "directories below a mount that makes no layer make none either"() {
        given:
        directories('/srv/x/y', '/srv/z')

        expect:
        read(['/srv vfat', '/srv/x/y ext4']) == ['/srv SPLIT', '/srv/x SPLIT', '/srv/x/y LAYER', '/srv/z EMPTY']
    }

    def "a name that overlayfs would take apart is left out: #name"() {
        given:
        directories("/$name", "/srv/$name", '/srv/mnt')

        expect:
        read(['/srv/mnt tmpfs']) == ['/srv SPLIT', '/srv/mnt LAYER']

        where:
        name << ['a:b', 'a,b', 'a\\b']
    }

    def "names of any bytes are shown, and mounts on them known"() {
        given:
        ['x\udcff', 'y\udcff/mnt', 'y\udcff/\u00fc'].each { Files.createDirectories(RawPath.resolve(root, it)) }
        Files.createSymbolicLink(RawPath.resolve(root, 'z\udcff'), RawPath.of('x\udcff'))

        when:
        def shown = new HostTree(root, MountInfo.parse(['1 0 8:1 / / rw - ext4 /dev/vda rw',
            '2 1 0:1 / /y\udcff/mnt rw - proc proc rw']), false).read()

        then:
        lines(shown) ==
            ['/x\udcff LAYER', '/y\udcff SPLIT', '/y\udcff/mnt EMPTY', '/y\udcff/\u00fc LAYER', '/z\udcff LINK']
        shown.last().link() == 'x\udcff'
    }

    def "nothing is shown of a directory with too many entries"() {
        given:
        (1..513).each { directories("/srv/d$it") }

        expect:
        read(['/srv/d1 tmpfs']) == ['/srv SPLIT']
    }

    def "modes are those of the directories"() {
        given:
        directories('/root', '/tmp', '/srv/mnt')
        Files.setAttribute(root.resolve('root'), 'unix:mode', 0700)
        Files.setAttribute(root.resolve('tmp'), 'unix:mode', 01777)
        Files.setAttribute(root.resolve('srv'), 'unix:mode', 0751)

        expect:
        new HostTree(root, MountInfo.parse(['2 1 0:1 / /srv/mnt rw - tmpfs tmpfs rw']), false).read()
            .collectEntries { [it.path(), it.mode()] } ==
                ['/root': 0700, '/srv': 0751, '/tmp': 01777]
    }
}
