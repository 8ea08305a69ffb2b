package dev.gantry.seccomp

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir

/** Compiled filters are kept in files of the user's own; a foreign, torn or changed file is not used. */
class FilterCacheSpec extends Specification {
    private static final byte[] RULES = 'rules'.bytes

    private static final byte[] PROGRAM = [6, 0, 0, 0, 0, 0, -1, 127]

    @TempDir Path dir

    FilterCache cache

    Path home

    def setup() {
        home = dir.resolve('cache/seccomp')
        cache = new FilterCache(home, Files.getAttribute(dir, 'unix:uid') as int)
    }

    private List<Path> files() {
        Files.list(home).withCloseable { it.toList() }
    }

    def "what is kept is found, by any process of the user"() {
        when:
        cache.keep(RULES, PROGRAM)

        then:
        new FilterCache(home, Files.getAttribute(dir, 'unix:uid') as int).find(RULES).get() == PROGRAM
        cache.find('other'.bytes).isEmpty()
        files().size() == 1
    }

    def "it is closed to others from the start"() {
        when:
        cache.keep(RULES, PROGRAM)

        then:
        (Files.getAttribute(home, 'unix:mode') as int) % 01000 == 0700
        (Files.getAttribute(home.parent, 'unix:mode') as int) % 01000 == 0700
        (Files.getAttribute(files().first(), 'unix:mode') as int) % 01000 == 0600
    }

    def "a directory of somebody else is left alone"() {
        given:
        cache.keep(RULES, PROGRAM)
        def other = new FilterCache(home, 12345)

        when:
        other.keep('others'.bytes, PROGRAM)

        then:
        other.find(RULES).isEmpty()
        files().size() == 1
    }

    def "a link to a directory is left alone"() {
        given:
        Files.createDirectories(home.parent)
        Files.createSymbolicLink(home, Files.createDirectory(dir.resolve('elsewhere')))

        when:
        cache.keep(RULES, PROGRAM)

        then:
        cache.find(RULES).isEmpty()
        Files.list(dir.resolve('elsewhere')).count() == 0
    }

    def "a file that was torn or changed is not found"() {
        given:
        cache.keep(RULES, PROGRAM)
        def file = files().first()

        when:
        Files.write(file, damage(Files.readAllBytes(file)))

        then:
        cache.find(RULES).isEmpty()

        where:
        damage << [{ byte[] it -> it[0..-2] as byte[] }, { byte[] it -> new byte[it.length] },
                   { byte[] it -> new byte[0] }, { byte[] it -> it[0] = 7; it }]
    }

    def "rules whose file has the same name are not taken for one another"() {
        given: 'two texts of one length and one CRC-32'
        def one = 'plumless'.bytes
        def other = 'buckeroo'.bytes

        when:
        cache.keep(one, PROGRAM)

        then:
        cache.find(other).isEmpty()

        when:
        cache.keep(other, [1] as byte[])

        then:
        files().size() == 1
        cache.find(other).get() == [1] as byte[]
        cache.find(one).isEmpty()
    }

    def "a full cache begins anew"() {
        when:
        300.times { cache.keep("rules $it".bytes, PROGRAM) }

        then:
        files().size() == 300 - 256
        cache.find('rules 299'.bytes).isPresent()
    }

    def "where nothing can be kept, nothing fails"() {
        given:
        def nowhere = new FilterCache(Path.of('/proc/cache'), 0)

        when:
        nowhere.keep(RULES, PROGRAM)

        then:
        nowhere.find(RULES).isEmpty()
    }
}
