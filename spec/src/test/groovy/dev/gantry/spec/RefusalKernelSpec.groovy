package dev.gantry.spec

import dev.gantry.runtime.Internals
import dev.gantry.error.ContainerException
import dev.gantry.error.ErrorKind
import dev.gantry.oci.Mount
import dev.gantry.oci.Rlimit
import dev.gantry.oci.Seccomp
import dev.gantry.oci.SeccompAction
import dev.gantry.oci.SeccompSyscall
import dev.gantry.error.Place
import dev.gantry.error.SourceMap
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import dev.gantry.value.Definition
import dev.gantry.value.StepFailure
import java.nio.file.Files
import java.nio.file.Path

/** What the kernel refuses is told with call, errno, origin and line, and leaves nothing behind. */
@RequiresKernel(programs = ['busybox:busybox-static'])
class RefusalKernelSpec extends ContainerSpecification {
    private static final SourceMap LINES = new SourceMap([
            'mounts[7]': new Place('x.ctr.groovy', 7), hostname: new Place('x.ctr.groovy', 3),
            process: new Place('x.ctr.groovy', 9)])

    private static final Seccomp BLIND = new Seccomp(SeccompAction.ALLOW, null, [], [], null, null, [new SeccompSyscall(
            ['open', 'openat', 'openat2', 'stat', 'newfstatat', 'statx', 'access', 'faccessat', 'faccessat2'],
            SeccompAction.ERRNO, null, null)])

    private static Mount mount(String type, String source, String destination, String... options) {
        Mount.builder().type(type).source(source).destination(destination).options(options as List).build()
    }

    def "#what"() {
        given:
        def id = newId()

        when:
        Internals.start(gantry, id, new Definition(change(config()), LINES, bundle), stdio())

        then:
        def e = thrown(ContainerException)
        e.line().replace(id, 'ID').replace(bundle.toString(), 'BUNDLE') == message
        e.kind() == kind

        where:
        what                               | change || kind                             | message
        'a bind source that is not there'  |
            { it.toBuilder().mounts(it.mounts() + mount('bind', '/no/such', '/x', 'bind')).build() } ||
                ErrorKind.KERNEL                 | 'start `ID`: bind `/no/such` to `/x`: open_tree `/no/such`: no ' +
                'such file or directory (ENOENT) [mounts[7], x.ctr.groovy:7]; hint: the source must exist on the host'
        'a relative bind source'           |
            { it.toBuilder().mounts(it.mounts() + mount('bind', 'gone', '/x', 'bind')).build() } || ErrorKind.KERNEL |
                'start `ID`: bind `BUNDLE/gone` to `/x`: open_tree `BUNDLE/gone`: no such file or directory (ENOENT) ' +
                '[mounts[7], x.ctr.groovy:7]; hint: the source must exist on the host'
        'a hostname of 300 bytes'          | { it.toBuilder().hostname('h' * 300).build() } ||
            ErrorKind.KERNEL                 | "start `ID`: set hostname `${'h' * 300}`: sethostname: " +
                "invalid argument (EINVAL) [hostname, x.ctr.groovy:3]; hint: a hostname has at most 64 bytes"
        'a file system nobody knows' | { it.toBuilder().mounts(it.mounts() + mount('nofs', 'x', '/x')).build() } ||
            ErrorKind.KERNEL | 'start `ID`: mount `nofs` on `/x`: fsopen `nofs`: no such device (ENODEV) [mounts[7], ' +
                'x.ctr.groovy:7]; hint: the kernel knows no such file system, see /proc/filesystems'
        'an option nobody knows'           |
            { it.toBuilder().mounts(it.mounts() + mount('tmpfs', 'x', '/x', 'bogus=1')).build() } || ErrorKind.KERNEL |
                "start `ID`: mount `tmpfs` on `/x`: fsconfig `bogus=1` (tmpfs: Unknown parameter 'bogus'): " +
                "invalid argument (EINVAL) [mounts[7], x.ctr.groovy:7]"
        'a mount over the root' | { it.toBuilder().mounts(it.mounts() + mount('tmpfs', 'x', '/')).build() } ||
            ErrorKind.KERNEL | 'start `ID`: mount `tmpfs` on `/`: mount point `/` is the root itself: ' +
                'invalid argument (EINVAL) [mounts[7], x.ctr.groovy:7]'
        'a mount inside /proc'             |
            { it.toBuilder().mounts(it.mounts() + mount('tmpfs', 'x', '/proc/self/attr')).build() } ||
                ErrorKind.KERNEL | 'start `ID`: mount `tmpfs` on `/proc/self/attr`: mount point `/proc/self/attr` is ' +
                'inside /proc: operation not permitted (EPERM) [mounts[7], x.ctr.groovy:7]'
        'a kernel parameter of the host'   | { withLinux(it, [sysctl: ['kernel.panic': '1']]) } ||
            ErrorKind.CONFIG | 'sysctl `kernel.panic` is not in a separate kernel namespace [linux.sysctl.kernel.panic]'
        'a program that does not exist'    | { withProcess(it, [args: ['nope']]) } ||
            ErrorKind.COMMAND_NOT_FOUND      | 'start `ID`: exec: "nope": executable file not found in $PATH: ' +
                'no such file or directory (ENOENT) [process.args, x.ctr.groovy:9]'
        'a path that does not exist' | { withProcess(it, [args: ['/nope']]) } || ErrorKind.COMMAND_NOT_FOUND |
            'start `ID`: exec: "/nope": no such file or directory (ENOENT) [process.args, x.ctr.groovy:9]'
        'a program that is not executable' | { withProcess(it, [args: ['/etc/passwd']]) } ||
            ErrorKind.COMMAND_NOT_EXECUTABLE |
            'start `ID`: exec: "/etc/passwd": permission denied (EACCES) [process.args, x.ctr.groovy:9]'
        'a limit above the hard one'       |
            { withProcess(it, [rlimits: [new Rlimit('RLIMIT_NOFILE', 9_999_999_999L, 9_999_999_999L)]]) } ||
                ErrorKind.KERNEL | 'start `ID`: set rlimit `RLIMIT_NOFILE`: setrlimit: operation not permitted ' +
                '(EPERM) [process.rlimits[0], x.ctr.groovy:9]; hint: raising a hard limit needs CAP_SYS_RESOURCE'
    }

    def "a program that cannot be executed fails at start, and a missing interpreter is named: #what"() {
        given:
        def bin = bundle.resolve('rootfs/bin')
        def made = files.collect { name, content ->
            def file = bin.resolve(name)
            Files.write(file, content)
            file.toFile().setExecutable(true, false)
            file
        }
        def program = "/bin/${files.keySet()[0]}".toString()

        when:
        start(config([program]))

        then:
        def e = thrown(StepFailure)
        e.message.endsWith(": exec $program: $error [process.args]")
        e.hint().orElse(null) == hint

        when: 'it waited for start'
        def container = create(config([program]))
        container.start()

        then:
        def late = thrown(StepFailure)
        late.message == "start `${container.id()}`: exec $program: $error [process.args]"
        late.hint().orElse(null) == hint

        when: 'it is added, where a filter lets nobody look for files'
        start(withLinux(config(['sleep', '100']), [seccomp: BLIND])).exec(program)

        then:
        def added = thrown(StepFailure)
        added.message.endsWith(": exec $program: $error [process.args]")
        added.hint().orElse(null) == hint

        cleanup:
        made.each { Files.delete(it) }

        where:
        what                         | files                        || error                         | hint
        'a script'                   | ['run.sh': '#!/no/such/interpreter\n'.bytes] ||
            'no such file or directory (ENOENT)' | 'the interpreter `/no/such/interpreter` is missing'
        'with an argument'           | ['run.sh': '#! \t/no/such -x y\necho\n'.bytes] ||
            'no such file or directory (ENOENT)' | 'the interpreter `/no/such` is missing'
        'of DOS'                     | ['run.sh': '#!/bin/sh\r\necho\r\n'.bytes] ||
            'no such file or directory (ENOENT)' | 'the interpreter `/bin/sh\\u000d` is missing'
        'a script run by such a one' | ['a.sh': '#!/bin/b.sh\n'.bytes, 'b.sh': '#!/no/such\n'.bytes] ||
            'no such file or directory (ENOENT)' | 'the interpreter `/no/such` is missing'
        'below what is no directory' | ['run.sh': '#!/bin/sh/x\n'.bytes] || 'not a directory (ENOTDIR)'   | null
        'a program of another libc'  | ['dynamic': withLoader('/lib64/no')] ||
            'no such file or directory (ENOENT)' | 'the interpreter `/lib64/no` is missing'
        'neither script nor program' | ['text': 'hello'.bytes]      || 'exec format error (ENOEXEC)' | null
        'run by a directory'         | ['run.sh': '#!/bin\n'.bytes] || 'permission denied (EACCES)'  | null
    }

    /** A dynamic program of the host's, whose loader has another name. */
    private static byte[] withLoader(String name) {
        def bytes = Files.readAllBytes(Path.of('/bin/true').toRealPath())
        int at = new String(bytes, 'ISO-8859-1').indexOf('/lib')
        name.bytes.eachWithIndex { letter, i -> bytes[at + i] = letter }
        bytes[at + name.length()] = 0
        bytes
    }

    def "#path as a symlink in the rootfs is refused"() {
        given:
        def evil = shared.resolve("evil-${path.substring(1)}")
        dev.gantry.spec.support.Busybox.rootfs(evil.resolve('rootfs'))
        Files.createDirectories(evil.resolve('rootfs/elsewhere'))
        Files.createSymbolicLink(evil.resolve('rootfs' + path), java.nio.file.Path.of('/elsewhere'))

        when:
        Internals.start(gantry, newId(), Definition.of(config(), evil), stdio())

        then:
        def e = thrown(ContainerException)
        e.message.contains("`$path` must be mounted on ordinary directory: not a directory (ENOTDIR)")

        where:
        path << ['/proc', '/sys']
    }
}
