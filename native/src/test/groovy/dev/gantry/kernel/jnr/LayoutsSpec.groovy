package dev.gantry.kernel.jnr

import dev.gantry.wire.Op
import dev.gantry.wire.Report
import dev.gantry.wire.Wire
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Requires
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir

/** What Java believes of C's numbers and structures is what the C compiler says, for each machine. */
class LayoutsSpec extends Specification {
    private static final String HERE = System.getProperty('os.arch')

    /** Of later kernels than the headers of some distributions. */
    private static final List<String> NEWER = ['MFD_EXEC', 'MFD_NOEXEC_SEAL', 'STATX_MNT_ID_UNIQUE']

    /** Not the kernel's. */
    private static final List<String> OURS = ['Kernel.SEND_SECONDS', 'Layouts.SPAWN_ACTIONS_ROOM']

    @Shared @TempDir Path dir

    private static String compiler(String machine) {
        machine == HERE ? 'cc' : machine == 'amd64' ? 'x86_64-linux-gnu-gcc' : "$machine-linux-gnu-gcc"
    }

    private static boolean compilesFor(String machine) {
        try {
            def process = new ProcessBuilder(compiler(machine), '-E', '-include', 'errno.h', '-xc', '/dev/null')
                .redirectErrorStream(true).start()
            process.inputStream.text
            process.waitFor() == 0
        } catch (IOException ignored) {
            false
        }
    }

    /** Returns C's numbers by the names that Java has for them. */
    private Map<String, Long> c(String machine, Collection<String> javas) {
        Files.writeString(dir.resolve('names.inc'), javas.findResults { included(it) }.join('\n'))
        def command = [compiler(machine), '-std=gnu11', '-Wall', '-Werror', '-Itarget/wire', "-I$dir", '-S', '-o', '-',
            'src/test/c/layouts.c']
        def process = new ProcessBuilder(command*.toString()).redirectErrorStream(true).start()
        def text = process.inputStream.text
        assert process.waitFor() == 0: text
        text.readLines().findAll { it.startsWith('->') }
                .collectEntries { def (name, value) = it.substring(2).split(' '); [(name): value as long] }
    }

    private static String included(String java) {
        def (type, name) = java.split('\\.')
        def macro = [OpenFlag: "O_$name", Signal: "SIG$name", Errno: name, Numbers: macro(name)][type]
        def show = "SHOW(\"$java\", $macro);"
        macro == null ? null : name in NEWER ? "#ifdef $macro\n$show\n#endif" : show
    }

    private static String macro(String name) {
        name.startsWith('SYS_') ? 'SYS_' + name.substring(4).toLowerCase() : name.startsWith('LINUX_') ? "_$name" : name
    }

    @Requires(value = { LayoutsSpec.compilesFor('amd64') }, reason = 'it needs a C compiler for x86-64')
    def "the numbers of x86-64 are the compiler's"() {
        expect:
        areTheSame('amd64')
    }

    @Requires(value = { LayoutsSpec.compilesFor('aarch64') }, reason = 'it needs a C compiler for arm64')
    def "the numbers of arm64 are the compiler's"() {
        expect:
        areTheSame('aarch64')
    }

    private void areTheSame(String machine) {
        def java = JavaNumbers.of(machine)
        def c = c(machine, java.keySet())
        def names = java.keySet() - OURS
        def different = names.findAll { it in c.keySet() && java[it] != c[it] }
            .collectEntries { [(it): [java: java[it], c: c[it]]] }
        def notCompared = names - c.keySet() - NEWER.collect { "Numbers.$it".toString() }
        assert different == [:]
        assert notCompared == [] as Set
        assert c.posix_spawn_file_actions_t <= java['Layouts.SPAWN_ACTIONS_ROOM']
        assert ['statfs.f_type', 'open_how.flags', 'winsize.ws_row', 'epoll_event.events', 'iovec.iov_base',
            'pollfd.fd',
                // read without an offset
                'timeval.tv_sec', 'sockaddr_un.sun_family', 'cmsghdr.cmsg_len'].every { c[it] == 0 }
    }

    def "machines differ, or this compares nothing"() {
        given:
        def x86 = JavaNumbers.of('amd64')
        def arm = JavaNumbers.of('aarch64')
        def different = x86.keySet().findAll { arm[it] != x86[it] }

        expect:
        different == ['OpenFlag.DIRECTORY', 'OpenFlag.NOFOLLOW', 'Layouts.EPOLL_EVENT_SIZE', 'Layouts.EPOLL_EVENT_DATA',
                      'Numbers.SYS_STATX', 'Numbers.SYS_MKNODAT', 'Numbers.SYS_BPF'] as Set
    }

    def "the wire is the same on both sides"() {
        given:
        def c = c(HERE, [])

        expect:
        c['op.code'] == 0
        c['op.step'] == 4
        c['op.size'] == 8
        c['report.step'] == 8
        c['report.error'] == 12
        c['report.value'] == 16
        c['report.text'] == 32
        c['WIRE_EXEC'] == Op.EXEC.code()
        c['WIRE_IDLE'] == Op.IDLE.code()
        c['wire_bind'] == 16 + 8 * Op.BIND.fields().size()
        c['wire_mount.options'] == 16 + 8 * Op.MOUNT.fields()*.name().indexOf('options')
        Report.BYTES == 512
    }

    def "every opcode and layout of the built init is the one of this Java"() {
        given:
        def header = Files.readString(Path.of('target/wire/wire.h'))

        expect:
        header.contains(String.format('#define WIRE_VERSION 0x%08xU', Wire.version()))
        Op.values().every { op -> header.contains("WIRE_${op.name()} = ${op.code()},") }
    }
}
