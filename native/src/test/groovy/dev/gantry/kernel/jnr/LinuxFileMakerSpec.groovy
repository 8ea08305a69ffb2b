package dev.gantry.kernel.jnr

import dev.gantry.kernel.Errno
import dev.gantry.kernel.Fd
import dev.gantry.kernel.Kernel
import dev.gantry.kernel.KernelException
import dev.gantry.kernel.OpenFlag
import java.nio.file.Files
import java.nio.file.LinkOption
import java.nio.file.Path
import spock.lang.Requires
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir

/** Files that are made as this process or as somebody else. */
class LinuxFileMakerSpec extends Specification {
    private static final int PR_GET_DUMPABLE = 3

    @Shared Kernel kernel = LinuxKernel.load()

    @TempDir Path dir

    private Fd directory() {
        kernel.open(dir.toString(), OpenFlag.PATH)
    }

    private static Map<String, Object> look(Path place) {
        Files.readAttributes(place, 'unix:mode,uid,gid', LinkOption.NOFOLLOW_LINKS)
    }

    def "entries are made, and none is replaced"() {
        given:
        def place = directory()
        def maker = kernel.fileMaker()

        when:
        maker.file(place, 'file', 0600).close()
        maker.directory(place, 'directory', 0700)
        maker.link(place, 'link', 'file')

        then:
        ['file', 'directory', 'link'].collect { look(dir.resolve(it)).mode } == [0100600, 040700, 0120777]
        Files.readSymbolicLink(dir.resolve('link')) == Path.of('file')

        when:
        again(maker, place)

        then:
        def e = thrown(KernelException)
        e.errno() == Errno.EEXIST

        cleanup:
        place.close()

        where:
        again << [{ by, at -> by.file(at, 'link', 0600) }, { by, at -> by.directory(at, 'file', 0700) },
            { by, at -> by.link(at, 'directory', 'x') }]
    }

    @Requires(value = { new com.sun.security.auth.module.UnixSystem().uid == 0 },
        reason = 'root alone gives files away')
    def "made as another user they are his, whoever may write there, and nothing else has changed"() {
        given:
        Files.setAttribute(dir, 'unix:mode', 0500)
        def place = directory()
        def maker = kernel.fileMakerAs(1234, 5678)
        def before = credentials()

        when:
        maker.file(place, 'file', 0600).close()
        maker.directory(place, 'directory', 0700)
        maker.link(place, 'link', 'file')

        then:
        ['file', 'directory', 'link'].collect { look(dir.resolve(it)) }*.uid == [1234, 1234, 1234]
        ['file', 'directory', 'link'].collect { look(dir.resolve(it)) }*.gid == [5678, 5678, 5678]
        credentials() == before

        when:
        maker.file(place, 'file', 0600)

        then:
        def e = thrown(KernelException)
        e.message == 'openat `file`: file exists (EEXIST)'
        credentials() == before

        cleanup:
        place.close()
    }

    /** What this thread may do, and whether the process can be dumped. */
    private static List<Object> credentials() {
        def status = Files.readAllLines(Path.of('/proc/thread-self/status')).findAll { it =~ /^(Uid|Gid|Groups|Cap)/ }
        [status, LibC.call(LibC.INSTANCE.prctl, '', PR_GET_DUMPABLE, 0, 0, 0, 0)]
    }
}
