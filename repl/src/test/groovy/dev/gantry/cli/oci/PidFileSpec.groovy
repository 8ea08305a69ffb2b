package dev.gantry.cli.oci

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/** Where a caller wants the pid. */
@Timeout(30)
class PidFileSpec extends Specification {
    @TempDir Path dir

    def "it appears whole, in the place of a file or a link that was there"() {
        given:
        def elsewhere = Files.writeString(dir.resolve('elsewhere'), 'kept')
        Files.createSymbolicLink(dir.resolve('link'), elsewhere)
        Files.createSymbolicLink(dir.resolve('.file.next'), elsewhere)
        Files.writeString(dir.resolve('file'), 'old and long')

        when:
        PidFile.write(dir.resolve('file').toString(), 42)
        PidFile.write(dir.resolve('link').toString(), 43)

        then:
        Files.readString(dir.resolve('file')) == '42'
        Files.readString(dir.resolve('link')) == '43'
        Files.readString(elsewhere) == 'kept'
        Files.list(dir).count() == 3
    }

    def "a node that is there is written to, not replaced"() {
        given:
        def fifo = dir.resolve('fifo')
        assert ['mkfifo', fifo.toString()].execute().waitFor() == 0
        def reader = ['cat', fifo.toString()].execute()

        when:
        PidFile.write(fifo.toString(), 42)

        then:
        reader.text == '42'
        Files.readAttributes(fifo, 'isOther').isOther

        cleanup:
        reader.destroy()
    }
}
