package dev.gantry.dsl

import dev.gantry.dsl.block.ContainerDsl
import dev.gantry.dsl.source.ScriptMistakes
import dev.gantry.oci.NamespaceType
import java.nio.file.Path
import java.util.function.Consumer
import spock.lang.Specification
import spock.lang.TempDir

/** Definitions that a caller in Java makes, beside the same ones made by scripts. */
class DefinitionsSpec extends Specification {
    @TempDir Path dir

    private static Consumer<ContainerDsl> body(Closure<?> words) {
        { ContainerDsl c -> words.call(c) } as Consumer<ContainerDsl>
    }

    def "what is said in Java is what a script says"() {
        given:
        def script = '''
            container('box') {
                hostname 'here'
                rootfs dir('files')
                process { args 'id', '-u'; user uid: 7 }
                resources { memory '64 MiB'; pids 5 }
                mounts { tmpfs '/tmp', size: '1 MiB' }
                namespaces { network 'host' }
            }
        '''

        when:
        def made = Definitions.container('box', dir, body { c ->
            c.hostname('here')
            c.rootfs(c.dir('files'))
            c.process({ p -> p.args('id', '-u'); p.user(uid: 7) } as Consumer)
            c.resources({ r -> r.memory('64 MiB'); r.pids(5) } as Consumer)
            c.mounts({ m -> m.tmpfs([size: '1 MiB'], '/tmp') } as Consumer)
            c.namespaces({ n -> n.network('host') } as Consumer)
        })

        then:
        made.config() == new Scripts(dir).definitions(script).box.config()
        made.bundle() == dir
        made.config().root().path() == dir.resolve('files').toString()
    }

    def "all that is wrong is thrown at once, each with the line of the source file"() {
        when:
        Definitions.container('b/x', body { c ->
            c.process({ p -> p.args() } as Consumer)
            c.process({ p -> p.rlimit('NOFILES', soft: 1, hard: 2) } as Consumer)
        })

        then:
        def e = thrown(ScriptMistakes)
        e.mistakes()*.place()*.file().toSet() == ['DefinitionsSpec.groovy'] as Set
        e.mistakes()*.text().size() == 3
        e.mistakes()[0].text().startsWith('container: invalid container ID format: `b/x`')
        e.mistakes().find { it.text().contains('NOFILES') }.place().line() == 52
        e.message.readLines().size() == 3
    }

    def "a null id is the caller's fault"() {
        when:
        Definitions.container(null, body { })

        then:
        thrown(NullPointerException)
    }
}
