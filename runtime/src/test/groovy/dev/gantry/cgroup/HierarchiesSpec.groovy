package dev.gantry.cgroup

import dev.gantry.plan.CgroupHierarchy
import dev.gantry.proc.MountInfo
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir

/** Hierarchies of cgroups, as they are read from mountinfo and /proc/self/cgroup. */
class HierarchiesSpec extends Specification {
    @TempDir Path dir

    def "cgroup v1 with a v2 hierarchy beside it"() {
        given:
        def mountinfo = """\
            23 1 254:0 / / rw,relatime - ext4 /dev/root rw
            31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
            32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
            35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 master:3 - cgroup cgroup rw,memory
            40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,release_agent=/agent,name=systemd
            41 31 0:38 / $dir rw,relatime - cgroup2 cgroup2 rw,nsdelegate"""
        def cgroup = '''\
            9:name=systemd:/init.scope
            4:memory:/build/7
            1:cpu:/
            0::/own'''

        expect:
        parse(mountinfo, cgroup) == [
                new CgroupHierarchy('/sys/fs/cgroup/cpu', ['cpu'], false, '/'),
                new CgroupHierarchy('/sys/fs/cgroup/memory', ['memory'], false, '/build/7'),
                new CgroupHierarchy('/sys/fs/cgroup/systemd', ['name=systemd'], false, '/init.scope'),
                new CgroupHierarchy(dir.toString(), [], true, '/own'),
        ]
    }

    def "cgroup v1 with two controllers in one hierarchy"() {
        given:
        def mountinfo =
            '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct,clone_children'
        def found = parse(mountinfo, '4:cpu,cpuacct:/user.slice')

        expect:
        found == [new CgroupHierarchy('/sys/fs/cgroup/cpu,cpuacct', ['cpu', 'cpuacct'], false, '/user.slice')]
        found[0].has('cpuacct')
        !found[0].has('cpu,cpuacct')
        found[0].name() == 'cpu,cpuacct'
    }

    def "cgroup v2 alone"() {
        given:
        Files.writeString(dir.resolve('cgroup.controllers'), 'cpuset cpu memory pids\n')

        expect:
        parse("41 31 0:38 / $dir rw,relatime - cgroup2 cgroup2 rw", '0::/user.slice/a b')
                == [new CgroupHierarchy(dir.toString(), ['cpuset', 'cpu', 'memory', 'pids'], true, '/user.slice/a b')]
    }

    def "of two mounts of a hierarchy the first counts"() {
        given:
        def mountinfo = """\
            32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu
            41 31 0:38 / $dir rw - cgroup2 cgroup2 rw
            52 51 0:29 / /srv/root/sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu
            61 51 0:38 / /srv/root/sys/fs/cgroup rw - cgroup2 cgroup2 rw"""

        expect:
        parse(mountinfo, '1:cpu:/\n0::/')*.mountPoint() == ['/sys/fs/cgroup/cpu', dir.toString()]
    }

    def "a hierarchy that another mount covers does not count: #what"() {
        given:
        def mountinfo = """\
            23 1 254:0 / / rw - ext4 /dev/root rw
            31 23 0:28 / /cg rw - tmpfs tmpfs rw
            32 31 0:29 / /cg/cpu rw - cgroup cgroup rw,cpu
            33 31 0:30 / /cg/cpuset rw - cgroup cgroup rw,cpuset
            $line"""

        expect:
        parse(mountinfo, '1:cpu:/\n2:cpuset:/')*.mountPoint() == seen

        where:
        what                              | line                                     || seen
        'nothing does'                    | '40 23 0:50 / /srv rw - tmpfs x rw'      || ['/cg/cpu', '/cg/cpuset']
        'at the same place'               | '40 32 0:50 / /cg/cpu rw - tmpfs x rw'   || ['/cg/cpuset']
        'the same again'                  | '40 32 0:29 / /cg/cpu rw - cgroup cgroup rw,cpu' ||
            ['/cg/cpuset', '/cg/cpu']
        'above, on the same mount'        | '40 31 0:50 / /cg rw - tmpfs x rw'       || []
        'one whose name begins so'        | '40 31 0:50 / /cg/cp rw - tmpfs x rw'    || ['/cg/cpu', '/cg/cpuset']
        'below'                           | '40 32 0:50 / /cg/cpu/a rw - tmpfs x rw' || ['/cg/cpu', '/cg/cpuset']
        'over the root, which stays ours' | '40 23 0:50 / / rw - tmpfs x rw'         || ['/cg/cpu', '/cg/cpuset']
    }

    def "a hierarchy is covered by what was mounted on a directory above, wherever that lies in the table"() {
        expect:
        parse("""\
            40 23 0:50 / /a/b rw - tmpfs x rw
            32 23 0:29 / /a/b/c/cpu rw - cgroup cgroup rw,cpu
            33 40 0:30 / /a/b/cpuset rw - cgroup cgroup rw,cpuset
            23 1 254:0 / / rw - ext4 /dev/root rw""", '')*.mountPoint() == ['/a/b/cpuset']
    }

    def "in a container, the own path `#own` counts from the mount's root `#root`"() {
        expect:
        parse("32 31 0:29 $root /cg/cpu rw - cgroup cgroup rw,cpu", "1:cpu:$own")*.ownPath() == [path]

        where:
        root          | own             || path
        '/'           | '/'             || '/'
        '/'           | '/a/b'          || '/a/b'
        '/docker/1'   | '/docker/1'     || '/'
        '/docker/1'   | '/docker/1/a'   || '/a'
        '/docker/1'   | '/docker/12'    || '/docker/12'
        '/docker/1'   | '/'             || '/'
        '/..'         | '/'             || '/'
    }

    def "a hierarchy of which this process is in no cgroup is seen from its root"() {
        expect:
        parse('32 31 0:29 / /cg/cpu rw - cgroup cgroup rw,cpu', '')*.ownPath() == ['/']
    }

    def "blanks in a mount point are told apart from those between fields"() {
        expect:
        parse('32 31 0:29 / /a\\040b\\134c$ rw - cgroup cgroup rw,cpu', '1:cpu:/')*.mountPoint() == ['/a b\\c$']
    }

    def "without cgroups there is nothing"() {
        expect:
        parse('23 1 254:0 / / rw,relatime - ext4 /dev/root rw', '') == []
    }

    def "this machine's can be read"() {
        when:
        Hierarchies.read()

        then:
        noExceptionThrown()
    }

    private static List<CgroupHierarchy> parse(CharSequence mountinfo, CharSequence cgroup) {
        Hierarchies.found(MountInfo.parse(lines(mountinfo)), lines(cgroup))
    }

    private static List<String> lines(CharSequence text) {
        text.toString().stripIndent().readLines().findAll()
    }
}
