package dev.gantry.kernel.jnr

import dev.gantry.kernel.Errno
import dev.gantry.kernel.FilterLibrary.Comparison
import dev.gantry.kernel.KernelException
import java.nio.ByteBuffer
import java.nio.ByteOrder
import spock.lang.Shared
import spock.lang.Specification

/** The binding of libseccomp. What its programs answer is for the compiler's specification, in the runtime. */
class SeccompLibrarySpec extends Specification {
    private static final int ALLOW = 0x7fff0000
    private static final int EPERM = 0x00050001

    @Shared library = new SeccompLibrary()

    def "the version is three numbers"() {
        expect:
        library.version() ==~ /2\.\d+\.\d+/
    }

    def "architecture #name is 0x#token"() {
        expect:
        Integer.toHexString(library.architecture(name).getAsInt()) == token

        where:
        name      || token
        'x86_64'  || 'c000003e'
        'x32'     || '4000003e'
        'x86'     || '40000003'
        'aarch64' || 'c00000b7'
        'arm'     || '40000028'
    }

    def "an architecture that nobody builds is unknown"() {
        expect:
        library.architecture('vax').isEmpty()
    }

    def "a call has a number on each architecture, a negative one where it is missing"() {
        given:
        int x86 = library.architecture('x86').getAsInt()
        int x86_64 = library.architecture('x86_64').getAsInt()

        expect:
        library.number(x86, 'mkdir').getAsInt() == 39
        library.number(x86_64, 'mkdir').getAsInt() == 83
        library.number(x86_64, 'socketcall').getAsInt() < 0
        library.number(x86_64, 'no_such_call').isEmpty()
    }

    def "a filter becomes a program that ends with an answer"() {
        given:
        def filter = library.begin(EPERM)
        filter.addArchitecture(library.nativeArchitecture())
        filter.addRule(ALLOW, number('read'), [])
        filter.addRule(ALLOW, number('socket'), [new Comparison(0, 4, 2, 0), new Comparison(1, 7, 0xf, 1)])

        when:
        def program = ByteBuffer.wrap(filter.program()).order(ByteOrder.nativeOrder())

        then:
        program.capacity() % 8 == 0
        program.getShort(program.capacity() - 8) == (short) 0x06

        cleanup:
        filter.close()
    }

    def "#what is refused"() {
        given:
        def filter = library.begin(EPERM)
        filter.addRule(ALLOW, number('socket'), [new Comparison(0, 4, 2, 0)])

        when:
        filter.addRule(action, number('socket'), comparisons)

        then:
        def e = thrown(KernelException)
        e.errno() == errno

        cleanup:
        filter.close()

        where:
        what                         | action | comparisons                                              || errno
        'a contradiction'            | 0      | [new Comparison(0, 4, 2, 0)]                             || Errno.EEXIST
        'an argument compared twice' | ALLOW  | [new Comparison(0, 4, 3, 0), new Comparison(0, 4, 4, 0)] || Errno.EINVAL
        'what holds by default'      | EPERM  | []                                                       || Errno.EACCES
    }

    private int number(String call) {
        library.number(library.nativeArchitecture(), call).getAsInt()
    }
}
