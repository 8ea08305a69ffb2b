package dev.gantry.dsl.compile

import dev.gantry.dsl.live.CtrScript
import dev.gantry.dsl.source.ScriptMistakes
import dev.gantry.dsl.source.ScriptSource
import java.nio.file.Files
import java.nio.file.Path
import org.codehaus.groovy.GroovyBugError
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/** Whatever a script says, the compiler tells what is wrong with it, where, and in a line: 2,000 were tried by hand. */
class MutatedScriptsSpec extends Specification {
    private static final int COUNT = Integer.getInteger('gantry.mutated.scripts', 300)

    @TempDir Path dir
    private final scripts = new MutatedScripts(Path.of('../examples'))
    private final compiler = new ScriptCompiler<CtrScript>(CtrScript)
    private final lines = new LineCompiler<CtrScript>(CtrScript)

    @Timeout(300)
    def "nothing but mistakes comes from compiling what is wrong"() {
        when:
        def told = (0..<COUNT).collectMany { trouble(it, scripts.script(it)) }

        then:
        told == []
    }

    private List<String> trouble(int n, String text) {
        def source = ScriptSource.read(Files.writeString(dir.resolve('x.ctr.groovy'), text))
        [{ compiler.rehearsed(source) }, { compiler.compile(source) }, { lines.compile(source, []) }].collectMany {
            try {
                it()
                []
            } catch (ScriptMistakes e) {
                wrong(e).collect { what -> "$n: $what".toString() }
            } catch (Throwable e) {
                ["$n: $e".toString()]
            }
        }
    }

    /**
     * Returns what no user is to read: more than a line, the name of a class of ours, a failure of our part of the
     * compiler.
     */
    private static List<String> wrong(ScriptMistakes e) {
        def root = e.cause
        while (root.cause) {
            root = root.cause
        }
        def isOurs = !(root instanceof GroovyBugError)
        e.mistakes()*.text().findAll {
            it =~ /\n|dev\.gantry|BUG|Exception/ || isOurs && it.contains("Groovy's compiler fails")
        }
    }
}
