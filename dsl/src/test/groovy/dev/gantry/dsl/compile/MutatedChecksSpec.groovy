package dev.gantry.dsl.compile

import dev.gantry.dsl.InteractiveScript
import dev.gantry.dsl.ScriptParams
import dev.gantry.dsl.ScriptRunner
import dev.gantry.error.ContainerException
import dev.gantry.text.Secrets
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/** What a user is told of a wrong script or line at the prompt is ours; -Dgantry.mutated.scripts=2000 tries all. */
class MutatedChecksSpec extends Specification {
    private static final int COUNT = Integer.getInteger('gantry.mutated.scripts', 60)

    /** Of what lines at the prompt are made: nothing that touches a machine. */
    private static final List<String> WORDS = [
        'container', '(', ')', '{', '}', "'web'", 'hostname', "'x'", 'def', 'a', '=', '1', '+', '-', 'null', '[',
        ']', ':', ',', '.', 'println', 'if', 'else', 'for', 'in', 'while', 'false', '"${a}"', '"', "'", '"""', '/',
        '\\', '$', ';', '\n', '->', 'it', 'x', 'containers', 'process', 'args', 'resources', 'memory', '64.MiB',
        '?', '*', '&', '|', '<', '>', '@', '#', '`', '\u0000', 'é', 'class A', 'import', 'return', 'throw', 'new',
        'try', 'catch', 'switch', 'case', 'int', 'String', 'this',
        'super', 'exec', 'pod']

    @TempDir Path dir

    @Timeout(1800)
    def "a check of a wrong script throws nothing but what users are told"() {
        given:
        def scripts = new MutatedScripts(Path.of('../examples'))

        when:
        def told = (0..<COUNT).collectMany { n ->
            def file = Files.writeString(dir.resolve('x.ctr.groovy'), scripts.script(n))
            trouble(n) { ScriptRunner.check(file, [], ScriptParams.NONE, new Secrets()) }
        }

        then:
        told == []
    }

    @Timeout(600)
    def "a line at the prompt throws nothing but what users are told"() {
        given:
        def none = { throw new ContainerException(dev.gantry.error.ErrorKind.STATE, 'no container is made here', null) }
        def session = new InteractiveScript(none, new PrintStream(OutputStream.nullOutputStream()), dir, new Secrets())

        when:
        def told = (0..<500).collectMany { n ->
            def random = new Random(n)
            def words = (0..random.nextInt(12)).collect { WORDS[random.nextInt(WORDS.size())] }
            def line = words.join(random.nextBoolean() ? ' ' : '')
            trouble(n) { session.evaluate(line) }
        }

        then:
        told == []

        cleanup:
        session.close()
    }

    private static List<String> trouble(int n, Closure<?> work) {
        try {
            work()
            []
        } catch (ContainerException e) {
            e.message =~ /dev\.gantry|groovy\.lang|org\.codehaus|BUG!/ ? ["$n: $e.message".toString()] : []
        } catch (Throwable e) {
            ["$n: $e at ${e.stackTrace.take(3)}".toString()]
        }
    }
}
