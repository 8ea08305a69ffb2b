package dev.gantry.spec

import dev.gantry.error.ContainerException
import dev.gantry.error.ErrorKind
import dev.gantry.oci.Mount
import dev.gantry.oci.Rlimit
import dev.gantry.plan.Place
import dev.gantry.plan.SourceMap
import dev.gantry.runtime.Definition
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files

/** What the kernel refuses is told with call, errno, origin and line, and leaves nothing behind. */
@RequiresKernel(programs = ['busybox:busybox-static'])
class RefusalKernelSpec extends ContainerSpecification {
    private static final SourceMap LINES = new SourceMap([
            'mounts[7]': new Place('x.ctr.groovy', 7), hostname: new Place('x.ctr.groovy', 3), process: new Place('x.ctr.groovy', 9)])

    private static Mount mount(String type, String source, String destination, String... options) {
        Mount.builder().type(type).source(source).destination(destination).options(options as List).build()
    }

    def "#what"() {
        given:
        def id = newId()

        when:
        gantry.start(id, new Definition(change(config()), LINES, bundle), stdio())

        then:
        def e = thrown(ContainerException)
        e.line().replace(id, 'ID').replace(bundle.toString(), 'BUNDLE') == message
        e.kind() == kind

        where:
        what                              | change                                                                         || kind                                  | message
        'a bind source that is not there' | { it.toBuilder().mounts(it.mounts() + mount('bind', '/no/such', '/x', 'bind')).build() } || ErrorKind.KERNEL           | 'start `ID`: bind `/no/such` to `/x`: open_tree `/no/such`: no such file or directory (ENOENT) [mounts[7], x.ctr.groovy:7]; hint: the source must exist on the host'
        'a relative bind source'          | { it.toBuilder().mounts(it.mounts() + mount('bind', 'gone', '/x', 'bind')).build() } || ErrorKind.KERNEL               | 'start `ID`: bind `BUNDLE/gone` to `/x`: open_tree `BUNDLE/gone`: no such file or directory (ENOENT) [mounts[7], x.ctr.groovy:7]; hint: the source must exist on the host'
        'a hostname of 300 bytes'         | { it.toBuilder().hostname('h' * 300).build() }                                 || ErrorKind.KERNEL                      | "start `ID`: set hostname `${'h' * 300}`: sethostname: invalid argument (EINVAL) [hostname, x.ctr.groovy:3]; hint: a hostname has at most 64 bytes"
        'a file system nobody knows'      | { it.toBuilder().mounts(it.mounts() + mount('nofs', 'x', '/x')).build() }      || ErrorKind.KERNEL                      | 'start `ID`: mount `nofs` on `/x`: fsopen `nofs`: no such device (ENODEV) [mounts[7], x.ctr.groovy:7]; hint: the kernel knows no such file system, see /proc/filesystems'
        'an option nobody knows'          | { it.toBuilder().mounts(it.mounts() + mount('tmpfs', 'x', '/x', 'bogus=1')).build() } || ErrorKind.KERNEL              | "start `ID`: mount `tmpfs` on `/x`: fsconfig `bogus=1` (tmpfs: Unknown parameter 'bogus'): invalid argument (EINVAL) [mounts[7], x.ctr.groovy:7]"
        'a mount over the root'           | { it.toBuilder().mounts(it.mounts() + mount('tmpfs', 'x', '/')).build() }      || ErrorKind.KERNEL                      | 'start `ID`: mount `tmpfs` on `/`: mount point `/` is the root itself: invalid argument (EINVAL) [mounts[7], x.ctr.groovy:7]'
        'a mount inside /proc'            | { it.toBuilder().mounts(it.mounts() + mount('tmpfs', 'x', '/proc/self/attr')).build() } || ErrorKind.KERNEL            | 'start `ID`: mount `tmpfs` on `/proc/self/attr`: mount point `/proc/self/attr` is inside /proc: operation not permitted (EPERM) [mounts[7], x.ctr.groovy:7]'
        'a kernel parameter of the host'  | { withLinux(it, [sysctl: ['kernel.panic': '1']]) }                             || ErrorKind.CONFIG                      | 'sysctl `kernel.panic` is not in a separate kernel namespace [linux.sysctl.kernel.panic]'
        'a program that does not exist'   | { withProcess(it, [args: ['nope']]) }                                          || ErrorKind.COMMAND_NOT_FOUND           | 'start `ID`: exec: "nope": executable file not found in $PATH: no such file or directory (ENOENT) [process.args, x.ctr.groovy:9]'
        'a path that does not exist'      | { withProcess(it, [args: ['/nope']]) }                                         || ErrorKind.COMMAND_NOT_FOUND           | 'start `ID`: exec: "/nope": no such file or directory (ENOENT) [process.args, x.ctr.groovy:9]'
        'a program that is not executable' | { withProcess(it, [args: ['/etc/passwd']]) }                                  || ErrorKind.COMMAND_NOT_EXECUTABLE      | 'start `ID`: exec: "/etc/passwd": permission denied (EACCES) [process.args, x.ctr.groovy:9]'
        'a limit above the hard one'      | { withProcess(it, [rlimits: [new Rlimit('RLIMIT_NOFILE', 9_999_999_999L, 9_999_999_999L)]]) } || ErrorKind.KERNEL      | 'start `ID`: set rlimit `RLIMIT_NOFILE`: setrlimit: operation not permitted (EPERM) [process.rlimits[0], x.ctr.groovy:9]; hint: raising a hard limit needs CAP_SYS_RESOURCE'
    }

    def "a program whose interpreter is missing fails at start, with the program's name"() {
        given:
        def script = bundle.resolve('rootfs/bin/run.sh')
        Files.writeString(script, '#!/no/such/interpreter\n')
        script.toFile().setExecutable(true, false)

        when:
        start(config(['/bin/run.sh']))

        then:
        def e = thrown(ContainerException)
        e.message.endsWith('exec /bin/run.sh: no such file or directory (ENOENT) [process.args]')

        when: 'it waited for start'
        def container = create(config(['/bin/run.sh']))
        container.start()

        then:
        def late = thrown(ContainerException)
        late.message == "start `${container.id()}`: exec /bin/run.sh: no such file or directory (ENOENT) [process.args]"
    }

    def "#path as a symlink in the rootfs is refused"() {
        given:
        def evil = shared.resolve("evil-${path.substring(1)}")
        dev.gantry.spec.support.Busybox.rootfs(evil.resolve('rootfs'))
        Files.createDirectories(evil.resolve('rootfs/elsewhere'))
        Files.createSymbolicLink(evil.resolve('rootfs' + path), java.nio.file.Path.of('/elsewhere'))

        when:
        gantry.start(newId(), Definition.of(config(), evil), stdio())

        then:
        def e = thrown(ContainerException)
        e.message.contains("`$path` must be mounted on ordinary directory: not a directory (ENOTDIR)")

        where:
        path << ['/proc', '/sys']
    }
}
