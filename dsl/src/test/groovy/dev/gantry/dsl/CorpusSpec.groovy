package dev.gantry.dsl

import dev.gantry.json.Json
import dev.gantry.oci.codec.OciReader
import dev.gantry.oci.codec.OciWriter
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir

/** What other programs wrote, see the corpus's README: it becomes a script, and the script becomes the same config. */
class CorpusSpec extends Specification {
    static final Path CORPUS = Path.of('src/test/resources/corpus')

    @TempDir
    Path dir

    static List<String> configs() {
        CORPUS.toFile().list().findAll { it.endsWith('.json') }.sort()
    }

    def "there are enough, of every program, and the README tells of each"() {
        given:
        def readme = Files.readString(CORPUS.resolve('README.md'))

        expect:
        configs().size() >= 30
        ['runc', 'crun', 'podman', 'buildah'].every { program -> configs().any { it.startsWith(program) } }
        configs().every { readme.contains("`$it`") }
    }

    def "#file is the same after decompile and compile"() {
        given:
        def config = OciReader.parse(Files.readAllBytes(CORPUS.resolve(file)), file)

        when:
        def script = Decompiler.script('box', config)
        def compiled = new Scripts(dir).definitions(script)['box'].config()

        then:
        OciWriter.text(compiled) == OciWriter.text(config)
        Decompiler.script('box', compiled) == script

        where:
        file << configs()
    }
}
