package dev.gantry.spec

import dev.gantry.oci.Seccomp
import dev.gantry.runtime.Gantry
import dev.gantry.runtime.GantryOptions
import dev.gantry.spec.support.FilteredContainers
import dev.gantry.spock.RequiresKernel
import java.nio.ByteBuffer
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions
import java.util.zip.CRC32

/** Compiled filters are kept for other processes, out of the reach of other users. */
@RequiresKernel(programs = ['busybox:busybox-static', 'cc:gcc'])
class SeccompCacheKernelSpec extends FilteredContainers {
    private static final Seccomp STRICT = profile('ALLOW', [rule('mkdir', 'ERRNO', [errnoRet: 28L])])

    private static final Seccomp LAX = profile('ALLOW', [])

    Path cache

    def setup() {
        cache = stateRoot.resolve('.cache/seccomp')
        cache.toFile().deleteDir()
    }

    private List<Path> files() {
        Files.list(cache).withCloseable { it.toList() }
    }

    /** What mkdir answers in a container that a process makes which has compiled nothing yet. */
    private String mkdirAnew(Seccomp profile) {
        Gantry.open(GantryOptions.at(stateRoot)).withCloseable {
            run(filtered(profile, probe('mkdir', '/tmp', 0)), it).text().trim()
        }
    }

    /** The rules of one file with the program of another: checksum, size of the rules, rules, program. */
    private static byte[] forged(byte[] rulesOf, byte[] programOf) {
        def end = { byte[] file -> 12 + ByteBuffer.wrap(file).getInt(8) }
        def body = [*rulesOf[8..<end(rulesOf)], *programOf[end(programOf)..<programOf.length]] as byte[]
        def sum = new CRC32()
        sum.update(body)
        ByteBuffer.allocate(8 + body.length).putLong(sum.value).put(body).array()
    }

    def "a filter is compiled once, and its file is for our eyes only"() {
        given:
        mkdirAnew(STRICT)
        def made = Files.getLastModifiedTime(files().first())

        expect:
        mkdirAnew(STRICT) == '28'
        files().size() == 1
        Files.getLastModifiedTime(files().first()) == made
        PosixFilePermissions.toString(Files.getPosixFilePermissions(cache)) == 'rwx------'
    }

    def "the cache is no container"() {
        given:
        def container = start(filtered(STRICT, ['sleep', '100']))

        expect:
        files().size() == 1
        gantry.containers()*.id() == [container.id()]
    }

    def "a file that is not whole is not believed"() {
        given:
        mkdirAnew(STRICT)
        def file = files().first()
        def whole = Files.readAllBytes(file)

        when:
        Files.write(file, damage(whole))

        then:
        mkdirAnew(STRICT) == '28'
        Files.readAllBytes(file) == whole

        where:
        damage << [{ it[0..<it.length - 8] as byte[] }, { new byte[it.length] }, { new byte[0] }]
    }

    def "a cache #whose is neither read nor written"() {
        given: 'a filter that allows all, in the place of one that does not'
        mkdirAnew(STRICT)
        def strictFile = files().first()
        mkdirAnew(LAX)
        Files.write(strictFile, forged(Files.readAllBytes(strictFile),
            Files.readAllBytes(files().find { it != strictFile })))

        expect: 'it is believed while nobody but us can have put it there'
        mkdirAnew(STRICT) == '17'

        when:
        Files.setAttribute(cache, attribute, value)

        then:
        mkdirAnew(STRICT) == '28'
        files().size() == 2

        where:
        whose                  | attribute   | value
        'of another user'      | 'unix:uid'  | 1000
        'that others write to' | 'unix:mode' | 0777
    }
}
