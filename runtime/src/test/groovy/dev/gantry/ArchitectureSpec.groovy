package dev.gantry

import static com.tngtech.archunit.base.DescribedPredicate.describe
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices

import com.fasterxml.jackson.databind.ObjectMapper
import com.fasterxml.jackson.databind.json.JsonMapper
import com.tngtech.archunit.base.DescribedPredicate
import com.tngtech.archunit.core.domain.JavaClass
import com.tngtech.archunit.core.domain.JavaMethodCall
import com.tngtech.archunit.core.importer.ClassFileImporter
import dev.gantry.runtime.Gantry
import java.nio.file.Path
import spock.lang.Shared
import spock.lang.Specification

/** The arrows within the module `runtime`. */
class ArchitectureSpec extends Specification {
    private static final String[] PURE =
        ['dev.gantry.oci..', 'dev.gantry.plan..', 'dev.gantry.json..', 'dev.gantry.error..', 'dev.gantry.text..']

    private static final List<String> VERBS_KNOW = [
            'value', 'io', 'host', 'store', 'image', 'proc', 'cgroup', 'systemd', 'seccomp', 'plan', 'oci',
                'oci.codec', 'json', 'files', 'error',
            'kernel', 'kernel.init', 'wire']

    /** Packages of records, of which there are as many as the spec and the plan have kinds of things. */
    private static final RECORDS = ['dev.gantry.oci', 'dev.gantry.plan']
    private static final MAX_CLASSES = 40

    private static final String KERNEL_NUMBERS =
            '(O|AT|RESOLVE|PR)_[A-Z_]+|SIG(HUP|INT|QUIT|KILL|PIPE|TERM|CONT|STOP|WINCH)(_[A-Z]+)?|' +
            'TIOC[A-Z]+|TC[GS]ETS|FIONBIO'

    @Shared classes = new ClassFileImporter().importPath(Path.of(Gantry.protectionDomain.codeSource.location.toURI()))

    def "no length of time is measured by a clock that may be set"() {
        expect:
        noClasses().should().callMethod(java.time.Duration, 'between', java.time.temporal.Temporal,
            java.time.temporal.Temporal).check(classes)
        noClasses().should().callMethod(System, 'currentTimeMillis').check(classes)
    }

    def "packages are free of cycles"() {
        expect:
        slices().matching('dev.gantry.(**)').should().beFreeOfCycles().check(classes)
    }

    def "the model and the plan are pure: no kernel, no files"() {
        expect:
        noClasses().that().resideInAnyPackage(PURE)
                .should().dependOnClassesThat().resideInAnyPackage('dev.gantry.kernel..', 'java.nio.file..')
                .orShould().dependOnClassesThat().haveFullyQualifiedName('java.io.File')
                .because('plans are made and tested without a machine').check(classes)
    }

    def "the records of the model know neither their codecs nor their rules"() {
        expect:
        noClasses().that().resideInAPackage('dev.gantry.oci')
                .should().dependOnClassesThat().resideInAnyPackage('dev.gantry.oci.codec', 'dev.gantry.oci.rules')
                .because('a record says what the document says').check(classes)
        noClasses().that().resideInAPackage('dev.gantry.oci.rules')
                .should().dependOnClassesThat().resideInAnyPackage('dev.gantry.oci.codec', 'dev.gantry.json')
                .because('a config is judged however it was written, also by a script').check(classes)
        noClasses().that().resideInAPackage('dev.gantry.oci.codec')
                .should().dependOnClassesThat().resideInAPackage('dev.gantry.oci.rules')
                .because('what cannot be right can be read').check(classes)
    }

    def "the records of the model and the plan hold no paths of this machine"() {
        expect:
        noFields().that().areDeclaredInClassesThat().resideInAnyPackage('dev.gantry.oci..', 'dev.gantry.plan..')
                .should().haveRawType(Path)
                .because('a path in a config may mean the container\'s, or another machine').check(classes)
    }

    def "the package #name knows #known only, since #reason"() {
        expect:
        noClasses().that().resideInAPackage("dev.gantry.$name")
                .should().dependOnClassesThat(describe('live in another package of ours') { JavaClass type ->
                    type.packageName.startsWith('dev.gantry.') && !(type.packageName - 'dev.gantry.' in [name, *known])
                }).because(reason).check(classes)

        where:
        name     | known                                                                               | reason
        'files'  | ['error', 'kernel', 'wire']                                                         |
            'cgroups, plans and containers are built on them'
        'proc'   | ['kernel', 'wire']                                                                  |
            'to the kernel a container is nothing but processes'
        'host'   | ['proc', 'cgroup', 'files', 'plan', 'oci', 'error', 'kernel', 'kernel.jnr', 'wire'] |
            'the facts are the same whatever containers there are'
        'store'  | ['value', 'files', 'oci', 'oci.codec', 'json', 'error', 'kernel', 'wire']           |
            'what is kept must be readable whatever has become of the containers'
        'rootfs' | ['proc', 'files', 'store', 'oci', 'error', 'kernel', 'wire']                        |
            'who resolves hostile paths must be read without anything else in mind'
        'image'  | ['image.layer', 'files', 'oci', 'json', 'error', 'kernel', 'kernel.jnr', 'wire'] |
            'an image is the same whatever containers are made of it'
        'image.layer' | ['files', 'error', 'kernel', 'wire']                                           |
            'who unpacks hostile archives must be read without anything else in mind'
        'value'  | ['error', 'oci', 'plan', 'kernel', 'wire']                                          |
            'callers and all that works for them speak in these terms'
        'io'     | ['value', 'cgroup', 'proc', 'files', 'oci', 'text', 'error', 'kernel', 'wire']      |
            'bytes move and processes end in the same way, whoever launched them'
        'launch' | VERBS_KNOW                                                                          |
            'the verbs serve the face and must not go through it'
    }

    def "nobody in the module knows its face"() {
        expect:
        noClasses().that().resideOutsideOfPackage('dev.gantry.runtime')
                .should().dependOnClassesThat().resideInAPackage('dev.gantry.runtime')
                .because('what works for a face must work without it').check(classes)
    }

    def "no package is too large to be looked through"() {
        expect:
        classes.findAll { it.topLevelClass && it.packageName !in RECORDS }.countBy { it.packageName }
            .every { name, count -> count <= MAX_CLASSES }
    }

    def "numbers of the kernel are in its package alone"() {
        expect:
        noFields().that().areStatic().should().haveNameMatching(KERNEL_NUMBERS)
                .because('some differ between machines, and LayoutsSpec compares those that are in it with C compilers')
                .check(classes)
    }

    def "nobody touches native code"() {
        expect:
        noClasses().should().dependOnClassesThat().resideInAnyPackage('jnr..', 'com.kenai.jffi..').check(classes)
    }

    def "there is no Groovy in it"() {
        expect:
        noClasses().should().dependOnClassesThat()
            .resideInAnyPackage('groovy..', 'org.codehaus.groovy..', 'org.apache.groovy..')
                .check(classes)
    }

    def "nobody prints or exits"() {
        expect:
        noClasses().should().accessField(System, 'out').orShould().accessField(System, 'err')
                .orShould().callMethod(System, 'exit', int)
                .orShould().callMethod(Runtime, 'exit', int)
                .orShould().callMethod(Runtime, 'halt', int)
                .because('it is a library').check(classes)
    }

    def "nobody starts processes by the JVM's means"() {
        expect:
        noClasses().should().dependOnClassesThat().areAssignableTo(ProcessBuilder)
                .orShould().callMethodWhere(runtimeExec())
                .because('the JVM forks with all its descriptors; gantry-init is spawned by the kernel package')
                .check(classes)
    }

    def "only json builds an ObjectMapper"() {
        expect:
        noClasses().that().resideOutsideOfPackage('dev.gantry.json')
                .should().dependOnClassesThat().areAssignableTo(ObjectMapper)
                .orShould().dependOnClassesThat().areAssignableTo(JsonMapper.Builder)
                .because('strictness is decided in one place').check(classes)
    }

    private static runtimeExec() {
        new DescribedPredicate<JavaMethodCall>('Runtime.exec') {
            @Override
            boolean test(JavaMethodCall call) {
                call.targetOwner.isEquivalentTo(Runtime) && call.name == 'exec'
            }
        }
    }
}
