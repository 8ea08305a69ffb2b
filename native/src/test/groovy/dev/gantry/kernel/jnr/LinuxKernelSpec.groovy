package dev.gantry.kernel.jnr

import dev.gantry.kernel.Errno
import dev.gantry.kernel.ExitStatus
import dev.gantry.kernel.Fd
import dev.gantry.kernel.Kernel
import dev.gantry.kernel.KernelException
import dev.gantry.kernel.OpenFlag
import dev.gantry.kernel.Resolve
import dev.gantry.kernel.Signal
import java.net.StandardProtocolFamily
import java.net.UnixDomainSocketAddress
import java.nio.ByteBuffer
import java.nio.channels.ServerSocketChannel
import java.nio.charset.StandardCharsets
import java.nio.file.Files
import java.nio.file.LinkOption
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/** The calls that need no privileges, on the kernel of the machine. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class LinuxKernelSpec extends Specification {
    @Shared Kernel kernel = LinuxKernel.load()

    @TempDir Path dir

    private static ByteBuffer bytes(String text) {
        def utf8 = text.getBytes(StandardCharsets.UTF_8)
        ByteBuffer.allocateDirect(utf8.length).put(utf8).flip()
    }

    private String readAll(Fd fd) {
        def buffer = ByteBuffer.allocateDirect(100)
        kernel.read(fd, buffer)
        StandardCharsets.UTF_8.decode(buffer.flip()).toString()
    }

    def "a refusal names call, argument and errno"() {
        when:
        kernel.open('/nonexistent/file')

        then:
        def e = thrown(KernelException)
        e.message == 'open `/nonexistent/file`: no such file or directory (ENOENT)'
        e.errno() == Errno.ENOENT
    }

    def "an opened #what is told apart from others"() {
        given:
        def file = Files.writeString(dir.resolve('file'), 'text')
        Files.createSymbolicLink(dir.resolve('link'), file)
        def place = dir.resolve(name)
        def stat = Files.readAttributes(place, 'unix:mode,uid,gid,ino,dev', LinkOption.NOFOLLOW_LINKS)
        def fd = kernel.open(place.toString(), flags as OpenFlag[])
        def other = kernel.open('/proc/self', OpenFlag.PATH)

        when:
        def facts = kernel.facts(fd)

        then:
        [facts.mode(), facts.uid(), facts.gid(), facts.inode()] == [stat.mode, stat.uid, stat.gid, stat.ino]
        [facts.isDirectory(), facts.isLink()] == [isDirectory, isLink]
        (facts.device() >> 32) == (stat.dev >> 8 & 0xfff)
        facts == kernel.facts(fd)
        facts.mount() != 0
        facts.mount() != kernel.facts(other).mount()

        cleanup:
        fd?.close()
        other?.close()

        where:
        what        | name   | flags                              || isDirectory | isLink
        'file'      | 'file' | []                                 || false       | false
        'directory' | '.'    | [OpenFlag.PATH]                    || true        | false
        'link'      | 'link' | [OpenFlag.PATH, OpenFlag.NOFOLLOW] || false       | true
    }

    def "an opened link says where it leads, without being followed"() {
        given:
        def target = 'nowhere/' + '\u00e9' * 1000
        Files.createSymbolicLink(dir.resolve('link'), Path.of(target))
        def fd = kernel.open(dir.resolve('link').toString(), OpenFlag.PATH, OpenFlag.NOFOLLOW)

        expect:
        kernel.linkTarget(fd) == target

        cleanup:
        fd?.close()
    }

    def "a file is read from a position, and at the end there is nothing"() {
        given:
        def fd = kernel.open(Files.writeString(dir.resolve('file'), 'some text').toString())

        expect:
        [[5, 'text'], [0, 'some text'], [9, ''], [1L << 40, '']].each { position, text ->
            def buffer = ByteBuffer.allocateDirect(20)
            assert kernel.read(fd, buffer, position as long) == text.length()
            assert StandardCharsets.UTF_8.decode(buffer.flip()).toString() == text
        }

        cleanup:
        fd?.close()
    }

    def "#path is in a file system of the kind #type"() {
        given:
        def fd = kernel.open(path, OpenFlag.PATH)

        expect:
        kernel.fileSystemType(fd) == type

        cleanup:
        fd?.close()

        where:
        path            | type
        '/proc/version' | 0x9fa0
        '/sys/kernel'   | 0x62656572
    }

    def "descriptors are closed on exec"() {
        given:
        def pipe = kernel.pipe()

        expect:
        [pipe.first(), pipe.second()].every {
            Files.readString(Path.of("/proc/self/fdinfo/${it.number()}")).find(/flags:\s+0(\d+)/) { _, flags ->
                Integer.parseInt(flags, 8) & OpenFlag.CLOEXEC.number()
            }
        }

        cleanup:
        pipe.close()
    }

    def "a closed descriptor cannot be used by number"() {
        given:
        def fd = kernel.open('/dev/null')
        fd.close()
        fd.close()

        when:
        fd.number()

        then:
        thrown(IllegalStateException)
    }

    def "descriptors travel with messages"() {
        given:
        def sockets = kernel.socketPair()
        def pipe = kernel.pipe()

        when:
        kernel.send(sockets.first(), bytes('here'), [pipe.first(), pipe.second()])
        def message = kernel.receive(sockets.second(), 100)
        kernel.write(message.fds()[1], bytes('through the copy'))

        then:
        StandardCharsets.UTF_8.decode(message.bytes()).toString() == 'here'
        readAll(pipe.first()) == 'through the copy'

        when:
        sockets.first().close()

        then:
        kernel.receive(sockets.second(), 100).isEnd()

        cleanup:
        sockets.close()
        pipe.close()
        message.fds()*.close()
    }

    def "sealed memory takes no more writes"() {
        given:
        def memory = kernel.sealedMemory('test', bytes('content'), false)

        when:
        kernel.write(memory, bytes('more'))

        then:
        thrown(KernelException)

        cleanup:
        memory.close()
    }

    def "resolution beneath a root does not leave it"() {
        given:
        Files.createSymbolicLink(dir.resolve('out'), Path.of('/etc'))
        Files.createDirectories(dir.resolve('etc'))
        Files.writeString(dir.resolve('etc/passwd'), 'inside')
        def root = kernel.open(dir.toString(), OpenFlag.DIRECTORY)

        expect:
        kernel.openBeneath(root, path, Resolve.IN_ROOT).withCloseable { readAll(it) } == 'inside'

        cleanup:
        root.close()

        where:
        path << ['out/passwd', '../../etc/passwd', '/etc/passwd']
    }

    def "what is called by its number is named in errors too"() {
        when:
        kernel.pidfd(0x3fffff)

        then:
        def e = thrown(KernelException)
        e.message == 'pidfd_open `4194303`: no such process (ESRCH)'
    }

    def "a child is started, told apart and reaped by its pidfd"() {
        given:
        def sockets = kernel.socketPair()
        int pid = kernel.spawn('/bin/sh', ['sh', '-c', 'dd bs=100 count=1 <&7 >/dev/null 2>&1; exit 3'], false,
            sockets.second(), 7)
        sockets.second().close()
        def pidfd = kernel.pidfd(pid)

        expect:
        kernel.reap(pidfd).isEmpty()

        when:
        kernel.send(sockets.first(), bytes('go\n'), [])
        kernel.poll([pidfd], [Kernel.POLLIN] as int[], -1)

        then:
        kernel.reap(pidfd).get() == new ExitStatus(3, 0)

        cleanup:
        sockets.close()
        pidfd.close()
    }

    def "a signal ends a child, and the status says which"() {
        given:
        def sockets = kernel.socketPair()
        int pid = kernel.spawn('/bin/sleep', ['sleep', '100'], false, sockets.second(), 3)
        def pidfd = kernel.pidfd(pid)

        when:
        kernel.signal(pidfd, Signal.TERM)

        then:
        kernel.waitFor(pid) == new ExitStatus(-1, 15)

        cleanup:
        pidfd.close()
        sockets.close()
    }

    def "a stream socket is reached by a path of #length characters"() {
        given: 'bound from within its directory, since an address is short'
        def home = Files.createDirectories(dir.resolve('d' * (length - 5)))
        def nearby = Files.createSymbolicLink(dir.resolve('n'), home)
        def server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            .bind(UnixDomainSocketAddress.of(nearby.resolve('sock')))

        when:
        def socket = kernel.connect(home.resolve('sock').toString())
        kernel.send(socket, bytes('hello'), [])
        def heard = ByteBuffer.allocate(10)
        server.accept().withCloseable { it.read(heard) }

        then:
        StandardCharsets.UTF_8.decode(heard.flip()).toString() == 'hello'

        cleanup:
        socket?.close()
        server.close()

        where:
        length << [20, 200]
    }

    def "a socket on which nobody listens is refused"() {
        given:
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(dir.resolve('sock')))
            .close()

        when:
        kernel.connect(dir.resolve('sock').toString())

        then:
        def e = thrown(KernelException)
        e.message == "connect `${dir.resolve('sock')}`: connection refused (ECONNREFUSED)"
    }

    def "a descriptor of another process is copied"() {
        given:
        def pipe = kernel.pipe()
        int pid = kernel.spawn('/bin/sleep', ['sleep', '100'], false, pipe.second(), 9)
        def pidfd = kernel.pidfd(pid)
        pipe.second().close()

        when:
        def copy = kernel.copyFrom(pidfd, 9)
        kernel.write(copy, bytes('through the copy'))

        then:
        readAll(pipe.first()) == 'through the copy'

        when:
        kernel.copyFrom(pidfd, 99)

        then:
        def e = thrown(KernelException)
        e.errno() == Errno.EBADF

        cleanup:
        kernel.kill(pid, Signal.KILL)
        kernel.waitFor(pid)
        [copy, pidfd]*.close()
        pipe.close()
    }

    def "many descriptors are watched at once"() {
        given:
        def epoll = kernel.epoll()
        def events = (1..5).collect { kernel.eventFd() }
        events.eachWithIndex { fd, i -> kernel.epollAdd(epoll, fd, Kernel.POLLIN, 1000L + i) }

        when:
        kernel.wake(events[1])
        kernel.wake(events[4])

        then:
        kernel.epollWait(epoll) as Set == [1001L, 1004L] as Set

        cleanup:
        (events + epoll)*.close()
    }

    def "signal `#text` is number #number"() {
        expect:
        Signal.parse(text) == number

        where:
        text      || number
        'KILL'    || 9
        'SIGTERM' || 15
        'sigint'  || 2
        '0'       || 0
        '64'      || 64
    }

    def "signal `#text` is unknown"() {
        when:
        Signal.parse(text)

        then:
        def e = thrown(IllegalArgumentException)
        e.message == "unknown signal `${text}`"

        where:
        text << ['FOO', '65', '', '-9']
    }
}
