package dev.gantry.dsl.compile

import dev.gantry.dsl.source.ScriptSource
import java.nio.file.Files
import java.nio.file.LinkOption
import java.nio.file.Path
import java.nio.file.attribute.FileTime
import java.nio.file.attribute.PosixFilePermissions
import spock.lang.Requires
import spock.lang.Specification
import spock.lang.TempDir

/** Compiled scripts are taken from the cache only where it and its files are safe, whole and of the same source. */
class ScriptCacheSpec extends Specification {
    @TempDir
    Path dir

    Path entries
    ScriptCache cache
    def source = new ScriptSource('x.ctr.groovy', Path.of('/'), 'println 1')
    def compiled = new CompiledScript('x', true, [x: [1, 2, 3] as byte[], 'x$1': [] as byte[]])

    def setup() {
        entries = dir.toRealPath().resolve('gantry/scripts')
        cache = new ScriptCache(entries, dir.toRealPath(), 'version 1')
    }

    def "what was stored is found again"() {
        when:
        cache.store(source, compiled)

        then:
        def found = cache.find(source).get()
        found.main() == 'x'
        found.isChecked()
        found.classes()*.value*.toList() == [[1, 2, 3], []]
        found.classes()*.key == ['x', 'x$1']
    }

    def "nothing is found for another #what"() {
        given:
        cache.store(source, compiled)

        expect:
        new ScriptCache(entries, dir.toRealPath(), version).find(new ScriptSource(name, Path.of('/'), text)).empty

        where:
        what      | version     | name           | text
        'text'    | 'version 1' | 'x.ctr.groovy' | 'println 2'
        'name'    | 'version 1' | 'y.ctr.groovy' | 'println 1'
        'version' | 'version 2' | 'x.ctr.groovy' | 'println 1'
    }

    def "only the user can read and write it"() {
        when:
        cache.store(source, compiled)

        then:
        PosixFilePermissions.toString(Files.getPosixFilePermissions(entries)) == 'rwx------'
        entries.toFile().listFiles()
            .every { PosixFilePermissions.toString(Files.getPosixFilePermissions(it.toPath())) == 'rw-------' }
    }

    def "a directory into which others can put something is not used"() {
        given:
        cache.store(source, compiled)
        Files.setPosixFilePermissions(open ? entries.parent : entries, PosixFilePermissions.fromString('rwxrwxrwx'))

        expect:
        cache.find(source).empty

        where:
        open << [true, false]
    }

    def "nothing is stored where others can put something"() {
        given:
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString('rwxrwxrwx'))

        when:
        cache.store(source, compiled)

        then:
        entries.toFile().list().length == 0
    }

    @Requires(value = { new com.sun.security.auth.module.UnixSystem().uid == 0 },
        reason = 'root alone gives files away')
    def "nothing is found where #what belongs to somebody else"() {
        given:
        cache.store(source, compiled)
        Files.setAttribute(part(entries), 'unix:uid', 12345, LinkOption.NOFOLLOW_LINKS)

        expect:
        cache.find(source).empty

        where:
        what            | part
        'the directory' | { Path it -> it }
        'its parent'    | { Path it -> it.parent }
        'the entry'     | { Path it -> it.toFile().listFiles().first().toPath() }
    }

    def "a link in place of #what leads to nothing"() {
        given: 'what a cache holds, where others could have put it'
        cache.store(source, compiled)
        def elsewhere = Files.createDirectory(dir.resolve('elsewhere'))
        Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString('rwxrwxrwx'))
        def moved = what == 'the directory' ? entries : entries.toFile().listFiles().first().toPath()
        def target = elsewhere.resolve('moved')
        Files.move(moved, target)
        Files.createSymbolicLink(moved, target)

        expect:
        cache.find(source).empty

        when:
        cache.store(source, compiled)

        then: 'nor is anything written through it'
        what == 'the directory' ? target.toFile().list().length == 1 :
            Files.isRegularFile(moved, LinkOption.NOFOLLOW_LINKS)

        where:
        what << ['the directory', 'an entry']
    }

    def "an entry that others can write to is not used"() {
        given:
        cache.store(source, compiled)
        Files.setPosixFilePermissions(entries.toFile().listFiles().first().toPath(),
            PosixFilePermissions.fromString('rw-rw-rw-'))

        expect:
        cache.find(source).empty
    }

    def "an entry #damage is as good as none, and replaced"() {
        given:
        cache.store(source, compiled)
        def entry = entries.toFile().listFiles().first()
        entry.bytes = damaged(entry.bytes)

        expect:
        cache.find(source).empty

        when:
        cache.store(source, compiled)

        then:
        cache.find(source).get().classes()*.value*.toList() == [[1, 2, 3], []]

        where:
        damage              | damaged
        'without a byte'    | { byte[] bytes -> new byte[0] }
        'cut short'         | { byte[] bytes -> Arrays.copyOf(bytes, 12) }
        'without its end'   | { byte[] bytes -> Arrays.copyOf(bytes, bytes.length - 1) }
        'with another byte' | { byte[] bytes -> bytes[20] ^= 1; bytes }
        'of something else' | { byte[] bytes -> ('x' * 200).bytes }
    }

    def "the oldest entries are forgotten"() {
        when:
        210.times { i ->
            cache.store(new ScriptSource('x', Path.of('/'), "println $i"), compiled)
            entries.toFile().listFiles().findAll { it.lastModified() > 1_000_000 }.each {
                Files.setLastModifiedTime(it.toPath(), FileTime.fromMillis(i * 1000))
            }
        }

        then:
        entries.toFile().list().length == 200
        cache.find(new ScriptSource('x', Path.of('/'), 'println 9')).empty
        cache.find(new ScriptSource('x', Path.of('/'), 'println 209')).present
    }
}
