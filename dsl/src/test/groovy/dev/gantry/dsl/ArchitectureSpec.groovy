package dev.gantry.dsl

import static com.tngtech.archunit.base.DescribedPredicate.describe
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices

import com.tngtech.archunit.core.domain.JavaClass
import com.tngtech.archunit.core.domain.JavaModifier
import com.tngtech.archunit.core.importer.ClassFileImporter
import com.tngtech.archunit.core.importer.ImportOption
import dev.gantry.runtime.Gantry
import spock.lang.Shared
import spock.lang.Specification

/** The arrows within the module `dsl`. */
class ArchitectureSpec extends Specification {
    static final VALUES = ['dev.gantry.kernel.ExitStatus', 'dev.gantry.kernel.Signal']
    static final MAX_CLASSES = 40

    /** Serves the prompt, which is a part of Gantry; its terminal is no caller's. */
    static final PROMPT = 'dev.gantry.dsl.InteractiveScript'

    /** What of a script's output is masked, which the command line knows better than a script. */
    static final MASKED = 'dev.gantry.text.Secrets'
    static final INSIDE = [
            'launch', 'io', 'rootfs', 'host', 'store', 'proc', 'cgroup', 'systemd', 'seccomp', 'plan.compile',
            'image.layer']
    static final LENT = [
            'io.ContainerOutput', 'io.ContainerProcess', 'io.ContainerTerminal', 'io.OutputSearch', 'io.Stdio',
            'io.UserTerminal', 'io.UserTerminal$Parting', 'seccomp.DefaultProfile']

    private static final String KERNEL_NUMBERS =
            '(O|AT|RESOLVE|PR)_[A-Z_]+|SIG(HUP|INT|QUIT|KILL|PIPE|TERM|CONT|STOP|WINCH)(_[A-Z]+)?|' +
            'TIOC[A-Z]+|TC[GS]ETS|FIONBIO'

    @Shared
    def imported = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages('dev.gantry.dsl')

    def "the kernel is left to the runtime, but for the values that it hands out"() {
        given:
        def kernel = describe('live in the kernel package and are no values') { JavaClass type ->
            type.packageName.startsWith('dev.gantry.kernel') && type.name !in VALUES
        }

        expect:
        noClasses().should().dependOnClassesThat(kernel).check(imported)
    }

    def "of what is inside the runtime only what its door hands out is used"() {
        given:
        def inside = describe('are inside the runtime and not handed out by its door') { JavaClass type ->
            type.packageName - 'dev.gantry.' in INSIDE && type.name - 'dev.gantry.' !in LENT
        }

        expect:
        noClasses().should().dependOnClassesThat(inside)
            .because('what is public there is so only for the other packages of the module')
            .check(imported)
    }

    def "neither JNR nor JLine is seen"() {
        expect:
        noClasses().should().dependOnClassesThat().resideInAnyPackage('jnr..', 'com.kenai..', 'org.jline..')
            .check(imported)
    }

    def "nothing is printed and the process is not ended"() {
        expect:
        noClasses().should().accessField(System, 'out').check(imported)
        noClasses().should().accessField(System, 'err').check(imported)
        noClasses().should().callMethod(System, 'exit', int).check(imported)
    }

    def "no process is started"() {
        expect:
        noClasses().should().dependOnClassesThat().areAssignableTo(ProcessBuilder).check(imported)
        noClasses().should().dependOnClassesThat().areAssignableTo(Runtime).check(imported)
    }

    def "no length of time is measured by a clock that may be set"() {
        expect:
        noClasses().should().callMethod(java.time.Duration, 'between', java.time.temporal.Temporal,
            java.time.temporal.Temporal).check(imported)
        noClasses().should().callMethod(System, 'currentTimeMillis').check(imported)
    }

    def "numbers of the kernel are in its package alone"() {
        expect:
        noFields().that().areStatic().should().haveNameMatching(KERNEL_NUMBERS)
                .because('some differ between machines, and LayoutsSpec compares those that are in it with C compilers')
                .check(imported)
    }

    def "packages are free of cycles"() {
        expect:
        slices().matching('dev.gantry.(**)').should().beFreeOfCycles().check(imported)
    }

    def "the package #name knows #known only, since #reason"() {
        given:
        def others = ['', '.word', '.source', '.rehearsal', '.compile', '.block', '.live'] - ".$name".toString() -
            known.collect { ".$it".toString() }

        expect:
        noClasses().that().resideInAPackage("dev.gantry.dsl.$name")
                .should().dependOnClassesThat()
                .resideInAnyPackage(others.collect { "dev.gantry.dsl$it".toString() } as String[])
                .because(reason).check(imported)

        where:
        name        | known                           | reason
        'word'      | []                              | 'everything else speaks in its terms'
        'source'    | ['word']                        | 'a text is the same whatever is done with it'
        'rehearsal' | ['word', 'source']              |
            'blocks and containers ask it what is unknown, and the compiler rewrites scripts to call it'
        'compile'   | ['word', 'source', 'rehearsal'] | 'a later Groovy changes it and must change nothing else'
        'block'     | ['word', 'source', 'rehearsal'] | 'a definition is recorded without anything to act on'
        'live'      | ['word', 'source', 'rehearsal', 'block'] |
            'containers do not care how their script was compiled or who runs it'
    }

    def "only what is live, or runs a script, acts on containers"() {
        expect:
        noClasses().that().resideInAnyPackage(*['word', 'source', 'rehearsal', 'compile', 'block']
            .collect { "dev.gantry.dsl.$it".toString() })
                .should().dependOnClassesThat().areAssignableTo(Gantry)
                .orShould().dependOnClassesThat().haveFullyQualifiedName('dev.gantry.runtime.Container')
                .because('what is checked or compiled must leave no trace on the machine').check(imported)
    }

    def "only the package compile knows Groovy's compiler"() {
        expect:
        noClasses().that().resideOutsideOfPackage('dev.gantry.dsl.compile')
                .should().dependOnClassesThat().resideInAnyPackage('org.codehaus.groovy.ast..',
                        'org.codehaus.groovy.control..', 'org.codehaus.groovy.classgen..',
                        'org.codehaus.groovy.syntax..', 'org.codehaus.groovy.transform..', 'org.apache.groovy.parser..')
                .because('it is what every Groovy changes, and what a script from the cache must not load')
                .check(imported)
    }

    def "the face speaks of nothing that is inside the runtime, and takes no bare booleans"() {
        given:
        def face = imported.findAll {
            it.packageName in ['dev.gantry.dsl', 'dev.gantry.dsl.block'] && JavaModifier.PUBLIC in it.modifiers &&
                it.name != PROMPT
        }
        def signatures = face*.codeUnits.flatten().findAll {
            JavaModifier.PUBLIC in it.modifiers && !(JavaModifier.SYNTHETIC in it.modifiers)
        }
        def named = { unit -> [unit.returnType, *unit.parameterTypes]*.allInvolvedRawTypes.flatten() }

        expect:
        face*.simpleName.containsAll(['Definitions', 'ScriptRunner', 'ContainerDsl'])
        signatures.collectEntries { [it.fullName, named(it).findAll { !isSeen(it) }*.name] }
                .findAll { it.value } == [:]
        signatures.findAll { it.owner.packageName == 'dev.gantry.dsl' && !it.constructor && it.name != 'equals' }
            .findAll { it.rawParameterTypes.any { it.name == 'boolean' } } == []
    }

    private static boolean isSeen(JavaClass type) {
        def element = type.baseComponentType
        def place = element.packageName
        def isOfTheRuntime = place in ['dev.gantry.runtime', 'dev.gantry.value', 'dev.gantry.error', 'dev.gantry.oci']
        element.primitive || ['java.', 'groovy.', 'dev.gantry.dsl'].any { place.startsWith(it) } ||
                element.name in [*VALUES, MASKED] || isOfTheRuntime && element.simpleName != 'Internals'
    }

    def "no package is too large to be looked through"() {
        expect:
        imported.findAll { it.topLevelClass }.countBy { it.packageName }.every { name, count -> count <= MAX_CLASSES }
    }
}
