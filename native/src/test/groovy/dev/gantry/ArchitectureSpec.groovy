package dev.gantry

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses

import com.tngtech.archunit.core.importer.ClassFileImporter
import com.tngtech.archunit.core.importer.ImportOption
import spock.lang.Shared
import spock.lang.Specification

/** The arrows within the module `native`. */
class ArchitectureSpec extends Specification {
    @Shared classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages('dev.gantry')

    def "only the jnr package touches native code"() {
        expect:
        noClasses().that().resideOutsideOfPackage('dev.gantry.kernel.jnr')
                .should().dependOnClassesThat().resideInAnyPackage('jnr..', 'com.kenai.jffi..').check(classes)
    }

    def "the wire is pure"() {
        expect:
        noClasses().that().resideInAPackage('dev.gantry.wire').and().doNotHaveSimpleName('HeaderWriter')
                .should().dependOnClassesThat().resideInAnyPackage('dev.gantry.kernel..', 'java.nio.file..')
                .check(classes)
    }

    def "packages are free of cycles"() {
        expect:
        slices().matching('dev.gantry.(**)').should().beFreeOfCycles().check(classes)
    }
}
