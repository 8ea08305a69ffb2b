package dev.gantry.spec

import dev.gantry.spec.support.HostSnapshot
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.util.regex.Pattern
import spock.lang.Specification
import spock.lang.TempDir

/** The code of docs/java.md does what is said there, and leaves nothing behind. */
@RequiresKernel
class JavaKernelSpec extends Specification {
    private static final Path PAGE = Path.of('../docs/java.md')
    private static final String CODE = Files.readString(Path.of('src/test/java/dev/gantry/spec/Embedding.java'))

    @TempDir Path dir

    private static String part(String name, String next) {
        def text = CODE.substring(CODE.indexOf("// $name\n") + name.length() + 4, CODE.indexOf("    // $next\n"))
        text.readLines()*.replaceFirst(/^ {4}/, '').join('\n').trim()
    }

    private static String shown(String name) {
        (Files.readString(PAGE) =~ /(?s)<!-- ${Pattern.quote(name)} -->\n```java\n(.*?)\n```/)[0][1]
    }

    def "the page shows the code that is compiled: #name"() {
        expect:
        shown(name) == part(name, next)

        where:
        name    || next
        'one'   || 'two'
        'two'   || 'three'
        'three' || 'end'
    }

    def "what it shows runs, and leaves nothing"() {
        given:
        def before = HostSnapshot.take(dir)
        def out = new ByteArrayOutputStream()
        def log = new ByteArrayOutputStream()

        expect:
        Embedding.run(dir, out) == 0
        out.toString('UTF-8') == 'I am hello\n'
        Embedding.use(dir) == ['5 /tmp/in']
        Embedding.log(dir, log).code() == 0
        log.toString('UTF-8').readLines().toSet() == ['out', 'err'] as Set

        and:
        HostSnapshot.take(dir) == before
    }
}
