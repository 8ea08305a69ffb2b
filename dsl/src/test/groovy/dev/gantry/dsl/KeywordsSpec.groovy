package dev.gantry.dsl

import dev.gantry.dsl.block.CapabilitiesDsl
import dev.gantry.dsl.block.ContainerDsl
import dev.gantry.dsl.block.DslSupport
import dev.gantry.dsl.block.HooksDsl
import dev.gantry.dsl.block.LandlockDsl
import dev.gantry.dsl.block.MountsDsl
import dev.gantry.dsl.block.NamespacesDsl
import dev.gantry.dsl.block.ProcessDsl
import dev.gantry.dsl.block.ResourcesDsl
import dev.gantry.dsl.block.SeccompDsl
import dev.gantry.dsl.block.UserNamespaceDsl
import dev.gantry.dsl.live.CtrScript
import dev.gantry.dsl.live.HealthDsl
import dev.gantry.dsl.live.LiveContainer
import dev.gantry.dsl.live.ParallelDsl
import dev.gantry.dsl.live.PodDsl
import dev.gantry.dsl.word.Keywords
import dev.gantry.text.Secrets
import java.lang.reflect.Method
import java.nio.file.Path
import java.util.concurrent.Callable
import java.util.function.BooleanSupplier
import java.util.function.Consumer
import spock.lang.Specification
import spock.lang.TempDir

/** What the messages, the help and the manual rely on. */
class KeywordsSpec extends Specification {
    static final AROUND = [
            (CtrScript)       : '%s',
            (PodDsl)          : "pod('p') { %s }",
            (ContainerDsl)    : "container('b') { %s }",
            (ProcessDsl)      : "container('b') { process { %s } }",
            (CapabilitiesDsl) : "container('b') { process { capabilities { %s } } }",
            (MountsDsl)       : "container('b') { mounts { %s } }",
            (NamespacesDsl)   : "container('b') { namespaces { %s } }",
            (UserNamespaceDsl): "container('b') { namespaces { user { %s; %s } } }",
            (ResourcesDsl)    : "container('b') { resources { %s } }",
            (SeccompDsl)      : "container('b') { seccomp { %s } }",
            (LandlockDsl)     : "container('b') { landlock { %s } }",
            (HooksDsl)        : "container('b') { hooks { %s } }",
            (HealthDsl)       : "container('b') { }.waitFor { %s }",
            (ParallelDsl)     : "parallel { %s }",
            (LiveContainer)   : "def box = container('b') { }; %s",
    ]

    static final JAVA = [Consumer, BooleanSupplier, Runnable, Callable]

    /** What else the specification wants of a definition that uses the word. */
    static final NEEDED = [
            timeOffsets: "namespaces { time 'new' }; ",
            consoleSize: 'process { terminal true }; ',
            listener   : "seccomp { syscall 'mkdir', action: 'NOTIFY' }; ",
    ]

    @TempDir
    Path dir

    def "the example of `#keyword` in #label is right, in both modes"() {
        given:
        def example = keywords.example(keyword).get()
        def needed = NEEDED.getOrDefault(keyword, '')
        def other = example.contains('uidMapping') ? example.replace('uid', 'gid') : example.replace('gidM', 'uidM')
        new File(dir.toFile(), 'common.ctr.groovy').text = "container('common') { }"
        def text = String.format(AROUND[keywords.type()], example, other)
                .replaceFirst(/(container\('b'\) \{ )/, '$1' + java.util.regex.Matcher.quoteReplacement(needed))

        expect:
        isRight("// checked\n$text", keyword)
        isRight("// @dynamic\n$text", keyword)

        where:
        [keywords, keyword] << AROUND.keySet().collectMany { type ->
            def keywords = Keywords.of(type)
            keywords.names().collect { [keywords, it] }
        }
        label = keywords.label()
    }

    /** An image is unpacked where a definition is read, so that its example can be checked only. */
    private boolean isRight(String text, String keyword) {
        def scripts = new Scripts(dir)
        if (keyword == 'image') {
            ScriptRunner.check(scripts.file(text), [], ScriptParams.of([]), new Secrets())
            return true
        }
        scripts.definitions(text) != null
    }

    def "every public method of #type.simpleName that scripts may call is a keyword"() {
        given:
        def groovys = DslSupport.methods*.name as Set

        expect:
        type.methods.findAll { isPublic(it) && !it.synthetic && !it.declaringClass.isAssignableFrom(DslSupport) }
            *.name as Set == Keywords.of(type).names()
        groovys.disjoint(Keywords.of(type).names())

        where:
        type << AROUND.keySet().findAll { DslSupport.isAssignableFrom(it) }
    }

    def "no field of #type.simpleName is called like a keyword, or the compiler would let scripts set it"() {
        expect:
        type.declaredFields*.name.disjoint(Keywords.of(type).names())

        where:
        type << AROUND.keySet()
    }

    def "the vocabulary lists the blocks that words open, each with its name"() {
        given:
        def found = [CtrScript, LiveContainer] as LinkedHashSet<Class>
        for (int before = 0; before < found.size();) {
            before = found.size()
            found.addAll(found.collectMany { type ->
                Keywords.of(type).names().collectMany { Keywords.opened(type, it).stream().toList() }
            })
        }

        expect:
        Keywords.all()*.type() as Set == found - LiveContainer
        Keywords.all().every { it.block && it.label() }
        !Keywords.of(LiveContainer).block && Keywords.of(LiveContainer).label() == 'container'
        Keywords.all()[0].type() == CtrScript
    }

    def "Java callers have each block too"() {
        given:
        def blocks = type.methods.findAll { it.parameterTypes.contains(Closure) && it.declaringClass == type }

        expect:
        blocks.every { block ->
            type.methods.any { it.name == block.name && it.parameterTypes.any { it in JAVA } }
        }

        where:
        type << AROUND.keySet()
    }

    private static boolean isPublic(Method method) {
        java.lang.reflect.Modifier.isPublic(method.modifiers)
    }
}
