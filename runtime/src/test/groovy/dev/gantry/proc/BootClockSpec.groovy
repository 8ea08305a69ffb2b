package dev.gantry.proc

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir

/** What a time namespace adds to the start times of processes. */
class BootClockSpec extends Specification {
    @TempDir Path dir

    def "#text is an offset of #ticks ticks"() {
        given:
        def file = Files.writeString(dir.resolve('timens_offsets'), text)

        expect:
        BootClock.offset(file.toString()) == ticks

        where:
        text                                                        || ticks
        'monotonic           0         0\nboottime            0         0\n' || 0
        'monotonic      100000         0\nboottime       864000         0\n' || 86_400_000
        'monotonic           5         0\nboottime           -3 500000000\n' || -250
        ''                                                          || 0
    }

    def "a kernel without time namespaces adds nothing"() {
        expect:
        BootClock.offset(dir.resolve('none').toString()) == 0
    }

    def "moments #one and #other are the same: #same"() {
        expect:
        BootClock.isSame(one, other) == same

        where:
        one | other || same
        5   | 5     || true
        5   | 6     || true
        6   | 5     || true
        5   | 7     || false
    }
}
