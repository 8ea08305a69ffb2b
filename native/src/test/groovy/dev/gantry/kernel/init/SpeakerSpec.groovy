package dev.gantry.kernel.init

import dev.gantry.kernel.Errno
import dev.gantry.kernel.Fd
import dev.gantry.kernel.FdPair
import dev.gantry.kernel.Kernel
import dev.gantry.kernel.KernelException
import dev.gantry.kernel.jnr.LinuxKernel
import java.nio.ByteBuffer
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import spock.lang.Specification
import spock.lang.Timeout

/** Waits for reports on a pipe whose other end stays open: here it is this process that holds it. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class SpeakerSpec extends Specification {
    private final Kernel kernel = LinuxKernel.load()
    private final FdPair pipe = kernel.pipe()
    private final Process process = new ProcessBuilder('cat').start() // ends when its input is closed
    private final Fd pidfd = kernel.pidfd(process.pid() as int)

    def cleanup() {
        process.destroyForcibly().waitFor()
        pidfd.close()
        pipe.close()
    }

    private void say() {
        kernel.write(pipe.second(), ByteBuffer.allocateDirect(1).put(1 as byte).flip())
    }

    def "a wait ends with the process, though somebody else holds the pipe"() {
        given:
        process.outputStream.close()

        expect:
        !Speaker.ending(kernel, pidfd).awaitWord(pipe.first())
        !Speaker.becomingProgram(kernel, pidfd) { false }.awaitWord(pipe.first())
    }

    def "a wait ends when the process has become its program"() {
        given:
        def asked = new AtomicInteger()

        expect:
        !Speaker.becomingProgram(kernel, pidfd) { asked.incrementAndGet() == 3 }.awaitWord(pipe.first())
        asked.get() == 3
    }

    def "what the process said before it ended is heard"() {
        given:
        say()
        process.outputStream.close()
        process.waitFor()

        expect:
        Speaker.ending(kernel, pidfd).awaitWord(pipe.first())
        kernel.read(pipe.first(), ByteBuffer.allocateDirect(10)) == 1
        !Speaker.ending(kernel, pidfd).awaitWord(pipe.first())
    }

    def "a wait for a limited time is over when none is left, whatever is in the pipe: #what"() {
        given:
        def left = [70, 20, 0].iterator()
        if (says) {
            say()
            left = [0].iterator()
        }

        when:
        def speaker = becomes ? Speaker.becomingProgram(kernel, pidfd) { false } : Speaker.ending(kernel, pidfd)
        speaker.awaitWord(pipe.first()) { left.next() }

        then:
        def e = thrown(KernelException)
        e.errno() == Errno.ETIMEDOUT
        !left.hasNext()

        where:
        what                             | becomes | says
        'one that ends'                  | false   | false
        'one that becomes a program'     | true    | false
        'one for which others say a lot' | true    | true
    }

    def "a process that has become its program when no time is left has nothing more to say"() {
        given:
        say()

        expect:
        !Speaker.becomingProgram(kernel, pidfd) { true }.awaitWord(pipe.first()) { 0 }
    }

    def "in a limited time a word is heard as well"() {
        given:
        say()

        expect:
        Speaker.becomingProgram(kernel, pidfd) { false }.awaitWord(pipe.first()) { 10_000 }
    }

    def "the end of the pipe is something to read"() {
        given:
        pipe.second().close()

        expect:
        Speaker.ending(kernel, pidfd).awaitWord(pipe.first())
        kernel.read(pipe.first(), ByteBuffer.allocateDirect(10)) == 0
    }

    def "a process that reports its failure is waited for until it is gone, or has not failed at all"() {
        when:
        process.outputStream.close()
        Speaker.ending(kernel, pidfd).awaitEndOrBeginning()

        then:
        process.waitFor(10, TimeUnit.SECONDS)

        when:
        Speaker.becomingProgram(kernel, pidfd) { true }.awaitEndOrBeginning()

        then:
        noExceptionThrown()
    }
}
