package dev.gantry.kernel.jnr

import dev.gantry.wire.Op
import dev.gantry.wire.Report
import dev.gantry.wire.Wire
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir

/** What Java believes of C's structures is what the C compiler says. */
class LayoutsSpec extends Specification {
    @Shared @TempDir Path dir

    @Shared Map<String, Integer> c = [:]

    def setupSpec() {
        def probe = dir.resolve('layouts')
        def compiler = run('cc', '-std=gnu11', '-Wall', '-Werror', '-Itarget/wire', '-o', probe.toString(), 'src/test/c/layouts.c')
        assert compiler.exit == 0: compiler.text
        run(probe.toString()).text.eachLine { line ->
            def (name, value) = line.split(' ')
            c[name] = value as int
        }
    }

    private static Map run(String... command) {
        def process = new ProcessBuilder(command).redirectErrorStream(true).start()
        def text = process.inputStream.text
        [exit: process.waitFor(), text: text]
    }

    private static int java(String constant) {
        def field = Layouts.getDeclaredField(constant)
        field.accessible = true
        field.get(null)
    }

    def "#constant of Layouts is the compiler's"() {
        expect:
        c[constant] == java(constant)

        where:
        constant << ['MSGHDR_SIZE', 'MSGHDR_IOV', 'MSGHDR_IOVLEN', 'MSGHDR_CONTROL', 'MSGHDR_CONTROLLEN', 'IOVEC_SIZE',
                     'IOVEC_LEN', 'CMSGHDR_SIZE', 'CMSGHDR_LEVEL', 'CMSGHDR_TYPE', 'POLLFD_SIZE', 'POLLFD_EVENTS',
                     'POLLFD_REVENTS', 'TIMEVAL_SIZE', 'SIGINFO_SIZE', 'SIGINFO_CODE', 'SIGINFO_PID', 'SIGINFO_STATUS',
                     'EPOLL_EVENT_SIZE', 'EPOLL_EVENT_DATA', 'SOCKADDR_UN_SIZE', 'SOCKADDR_UN_PATH',
                     'STATX_SIZE', 'STATX_UID', 'STATX_GID', 'STATX_MODE', 'STATX_INO', 'STATX_DEV_MAJOR', 'STATX_DEV_MINOR',
                     'STATX_MNT_ID', 'SYS_STATX', 'STATFS_SIZE']
    }

    def "what is read at the beginning of a structure is there"() {
        expect:
        c['statfs.f_type'] == 0
    }

    def "the wire is the same on both sides"() {
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
