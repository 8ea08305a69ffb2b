package dev.gantry.files

import java.nio.file.Files
import java.nio.file.InvalidPathException
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir

/** Paths with bytes that are not UTF-8 are the same to Java as to the kernel. */
class RawPathSpec extends Specification {
    @TempDir Path dir

    def "a path of any bytes and its text are the same: #text"() {
        expect:
        RawPath.text(RawPath.of(text)) == text
        RawPath.of(text).absolute == text.startsWith('/')

        where:
        text << ['', '/', 'a', '/a/b', '\udcff', '/\udcff', '/a/\udcff/b', '\udcff/../\udcfe', '/a/..\udc80', '\u00fc',
                 '/\u00fc\u20ac\ud83d\ude00', '/%25\udcff%', 'a b\udcff?#[]:;\\', '/tmp\udcff', '..', '/\udcff \n\t']
    }

    def "slashes that say nothing are left out: #text"() {
        expect:
        RawPath.text(RawPath.of(text)) == expected

        where:
        text            || expected
        '/\u00fc//'     || '/\u00fc'
        '//a//\u00fc/'  || '/a/\u00fc'
        '\udcff//b///'  || '\udcff/b'
    }

    def "the kernel sees the bytes"() {
        given:
        def name = 'x\u00fc\udcff%41'
        def file = Files.writeString(RawPath.resolve(dir, name), 'content')

        expect:
        new String(['sh', '-c', 'ls "$0"', dir.toString()].execute().inputStream.bytes, 'ISO-8859-1') ==
            'x\u00c3\u00bc\u00ff%41\n'
        Files.list(dir).withCloseable { it.toList() }.collect { RawPath.text(it.fileName) } == [name]
        RawPath.text(file) == "$dir/$name".toString()
        Files.readString(RawPath.of("$dir/$name")) == 'content'
    }

    def "what is no name is refused: #text"() {
        when:
        RawPath.of(text)

        then:
        thrown(InvalidPathException)

        where:
        text << ['a\u0000', '\u00fc\u0000', '\ud800', 'a\udc7f', '\udd00']
    }
}
