package dev.gantry.dsl

import dev.gantry.dsl.live.CtrScript
import dev.gantry.dsl.word.Keywords
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification

/** The language reference and the help for editors say what there is. */
class ManualSpec extends Specification {
    static final Path MANUAL = Path.of('../docs/dsl.md')

    def "docs/dsl.md is what the words say today"() {
        given:
        if (System.getProperty('updateGolden') != null) {
            Files.writeString(MANUAL, Manual.text())
        }

        expect:
        Files.readString(MANUAL) == Manual.text()
    }

    def "the manual says of every word what it takes and since when"() {
        given:
        def words = Files.readString(MANUAL).split('\n### ').tail()

        expect:
        words.size() > 100
        words.findAll { !(it =~ /(?m)^Takes [a-z].*\. Since \d+\.\d+\.$/) } == []
    }

    def "#file names every block, by classes that exist"() {
        given:
        def text = getClass().getResource("/gantry.$file").text
        def named = (text =~ /dev\.gantry\.dsl[\w.]*\.[A-Z]\w+/).collect { it.toString() } as Set

        expect:
        named.every { Class.forName(it) }
        Keywords.all()*.type()*.name.every { it in named }
        Keywords.all().findAll { it.type() != CtrScript }.every { text.contains("'${word(it)}'") }

        where:
        file << ['gdsl', 'dsld']
    }

    /** The word whose block it is. */
    private static String word(Keywords keywords) {
        keywords.label()
    }
}
