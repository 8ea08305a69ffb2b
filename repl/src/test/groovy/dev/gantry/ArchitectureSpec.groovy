package dev.gantry

import static com.tngtech.archunit.base.DescribedPredicate.describe
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices

import com.tngtech.archunit.core.domain.JavaClass
import com.tngtech.archunit.core.importer.ClassFileImporter
import com.tngtech.archunit.core.importer.ImportOption
import dev.gantry.cli.command.Invocation
import spock.lang.Shared
import spock.lang.Specification

/** The arrows within the module `repl`. */
class ArchitectureSpec extends Specification {
    static final PACKAGES = ['cli', 'cli.command', 'cli.image', 'cli.oci', 'cli.script', 'repl', 'terminal']
    static final MAX_CLASSES = 40
    static final INSIDE = [
            'launch', 'io', 'rootfs', 'host', 'store', 'proc', 'cgroup', 'systemd', 'seccomp', 'plan.compile',
            'image.layer']
    static final LENT = [
            'cgroup.OomKills', 'host.HostFacts', 'io.ContainerProcess', 'io.NotifySocket', 'io.Stdio',
            'io.UserTerminal', 'io.UserTerminal$Parting', 'plan.compile.Features', 'plan.compile.PlanCompiler',
            'seccomp.DefaultProfile']

    private static final String KERNEL_NUMBERS =
            '(O|AT|RESOLVE|PR)_[A-Z_]+|SIG(HUP|INT|QUIT|KILL|PIPE|TERM|CONT|STOP|WINCH)(_[A-Z]+)?|' +
            'TIOC[A-Z]+|TC[GS]ETS|FIONBIO'

    @Shared all = imported('dev.gantry.cli', 'dev.gantry.repl', 'dev.gantry.terminal')
    @Shared classes = imported('dev.gantry.cli')

    private static imported(String... packages) {
        new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(packages)
    }

    def "no length of time is measured by a clock that may be set"() {
        expect:
        noClasses().should().callMethod(java.time.Duration, 'between', java.time.temporal.Temporal,
            java.time.temporal.Temporal).check(classes)
        noClasses().should().callMethod(System, 'currentTimeMillis').check(classes)
    }

    def "numbers of the kernel are in its package alone"() {
        expect:
        noFields().that().areStatic().should().haveNameMatching(KERNEL_NUMBERS)
                .because('some differ between machines, and LayoutsSpec compares those that are in it with C compilers')
                .check(all)
    }

    def "packages are free of cycles"() {
        expect:
        slices().matching('dev.gantry.(**)').should().beFreeOfCycles().check(all)
    }

    def "the package #name knows #known only, since #reason"() {
        given:
        def others = PACKAGES - name - known

        expect:
        noClasses().that().resideInAPackage("dev.gantry.$name")
                .should().dependOnClassesThat()
                .resideInAnyPackage(others.collect { "dev.gantry.$it".toString() } as String[])
                .because(reason).check(all)

        where:
        name          | known                               | reason
        'terminal'    | []                                  | 'commands and the prompt use the same one'
        'repl'        | ['terminal']                        |
            'the prompt is opened by a command, and by a script that fails, and does not care by which'
        'cli.command' | []                                  | 'it is loaded by every command'
        'cli.oci'     | ['cli.command', 'terminal']         |
            'engines start these commands several times for one container'
        'cli.image'   | ['cli.command', 'terminal']         | 'an image is the same whatever runs it'
        'cli.script'  | ['cli.command', 'terminal', 'repl'] |
            'what both kinds of commands need belongs to `cli.command`'
    }

    def "only the commands about scripts know the language, so that the OCI commands load no Groovy"() {
        expect:
        noClasses().that().resideOutsideOfPackage('dev.gantry.cli.script')
                .should().dependOnClassesThat()
                .resideInAnyPackage('dev.gantry.dsl..', 'groovy..', 'org.codehaus.groovy..', 'org.apache.groovy..')
                .because('engines start them several times for one container').check(classes)
    }

    def "of what is inside the runtime only what its door hands out is used"() {
        given:
        def inside = describe('are inside the runtime and not handed out by its door') { JavaClass type ->
            type.packageName - 'dev.gantry.' in INSIDE && type.name - 'dev.gantry.' !in LENT
        }

        expect:
        noClasses().should().dependOnClassesThat(inside)
            .because('what is public there is so only for the other packages of the module').check(all)
    }

    def "the entry knows the prompt only to fill the cache of classes"() {
        expect:
        noClasses().that().resideInAPackage('dev.gantry.cli').and().doNotHaveSimpleName('Training')
                .should().dependOnClassesThat().resideInAnyPackage('dev.gantry.repl', 'dev.gantry.terminal')
                .because('every command goes through it').check(classes)
    }

    def "commands load no JLine, and the prompt alone knows it"() {
        expect:
        noClasses().that().resideOutsideOfPackage('dev.gantry.repl')
                .should().dependOnClassesThat().resideInAnyPackage('org.jline..')
                .because('it takes time to load, and an OCI command has no line to edit').check(all)
    }

    def "only what runs scripts prints without escaping what others wrote"() {
        expect:
        noClasses().that().haveNameNotMatching('.*\\.(Script|Repl)Command|.*\\.Invocation')
                .should().callMethod(Invocation, 'raw').check(classes)
    }

    def "only the entry points exit and name the process's streams"() {
        expect:
        noClasses().that().haveNameNotMatching('.*\\.(Main|ScriptTimer)').should().callMethod(System, 'exit', int)
            .check(classes)
        noClasses().that().doNotHaveSimpleName('Main').should().accessField(System, 'out').check(classes)
        noClasses().that().doNotHaveSimpleName('Main').should().accessField(System, 'err').check(classes)
    }

    def "no package is too large to be looked through"() {
        expect:
        all.findAll { it.topLevelClass }.countBy { it.packageName }.every { name, count -> count <= MAX_CLASSES }
    }
}
