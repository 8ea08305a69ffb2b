package dev.gantry

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses

import com.tngtech.archunit.core.importer.ClassFileImporter
import com.tngtech.archunit.core.importer.ImportOption
import dev.gantry.cli.Invocation
import spock.lang.Shared
import spock.lang.Specification

/** The arrows within the module `repl`. */
class ArchitectureSpec extends Specification {
    @Shared classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages('dev.gantry.cli')

    def "no length of time is measured by a clock that may be set"() {
        expect:
        noClasses().should().callMethod(java.time.Duration, 'between', java.time.temporal.Temporal, java.time.temporal.Temporal).check(classes)
        noClasses().should().callMethod(System, 'currentTimeMillis').check(classes)
    }

    def "only the commands about scripts know the language, so that the OCI commands load no Groovy"() {
        expect:
        noClasses().that().haveNameNotMatching('.*\\.(Script|Check|Compile|Decompile)Command|.*\\.Script(Report|Timer)|.*\\.(Definitions|LazyGantry)')
                .should().dependOnClassesThat().resideInAnyPackage('dev.gantry.dsl..', 'groovy..', 'org.codehaus.groovy..')
                .because('engines start them several times for one container').check(classes)
    }

    def "the OCI commands load no JLine"() {
        expect:
        noClasses().should().dependOnClassesThat().resideInAnyPackage('org.jline..').check(classes)
    }

    def "only what runs scripts prints without escaping what others wrote"() {
        expect:
        noClasses().that().haveNameNotMatching('.*\\.(Script|Repl)Command|.*\\.Invocation')
                .should().callMethod(Invocation, 'raw').check(classes)
    }

    def "only the entry points exit and name the process's streams"() {
        expect:
        noClasses().that().haveNameNotMatching('.*\\.(Main|ScriptTimer)').should().callMethod(System, 'exit', int).check(classes)
        noClasses().that().doNotHaveSimpleName('Main').should().accessField(System, 'out').check(classes)
        noClasses().that().doNotHaveSimpleName('Main').should().accessField(System, 'err').check(classes)
    }
}
