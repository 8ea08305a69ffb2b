package dev.gantry.dsl

import static com.tngtech.archunit.base.DescribedPredicate.describe
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices

import com.tngtech.archunit.core.domain.JavaClass
import com.tngtech.archunit.core.importer.ClassFileImporter
import com.tngtech.archunit.core.importer.ImportOption
import spock.lang.Shared
import spock.lang.Specification

class ArchitectureSpec extends Specification {
    static final VALUES = ['dev.gantry.kernel.ExitStatus', 'dev.gantry.kernel.Signal']

    @Shared
    def classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages('dev.gantry.dsl')

    def "the kernel is left to the runtime, but for the values that it hands out"() {
        given:
        def kernel = describe('live in the kernel package and are no values') { JavaClass type ->
            type.packageName.startsWith('dev.gantry.kernel') && type.name !in VALUES
        }

        expect:
        noClasses().should().dependOnClassesThat(kernel).check(classes)
    }

    def "neither JNR nor JLine is seen"() {
        expect:
        noClasses().should().dependOnClassesThat().resideInAnyPackage('jnr..', 'com.kenai..', 'org.jline..').check(classes)
    }

    def "nothing is printed and the process is not ended"() {
        expect:
        noClasses().should().accessField(System, 'out').check(classes)
        noClasses().should().accessField(System, 'err').check(classes)
        noClasses().should().callMethod(System, 'exit', int).check(classes)
    }

    def "no process is started"() {
        expect:
        noClasses().should().dependOnClassesThat().areAssignableTo(ProcessBuilder).check(classes)
        noClasses().should().dependOnClassesThat().areAssignableTo(Runtime).check(classes)
    }

    def "no length of time is measured by a clock that may be set"() {
        expect:
        noClasses().should().callMethod(java.time.Duration, 'between', java.time.temporal.Temporal, java.time.temporal.Temporal).check(classes)
        noClasses().should().callMethod(System, 'currentTimeMillis').check(classes)
    }

    def "packages are free of cycles"() {
        expect:
        slices().matching('dev.gantry.(dsl..)').should().beFreeOfCycles().check(classes)
    }
}
