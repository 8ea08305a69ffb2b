package dev.gantry

import static com.tngtech.archunit.base.DescribedPredicate.describe
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices

import com.fasterxml.jackson.databind.ObjectMapper
import com.fasterxml.jackson.databind.json.JsonMapper
import com.tngtech.archunit.base.DescribedPredicate
import com.tngtech.archunit.core.domain.JavaAccess
import com.tngtech.archunit.core.domain.JavaClass
import com.tngtech.archunit.core.domain.JavaCodeUnit
import com.tngtech.archunit.core.domain.JavaMethodCall
import com.tngtech.archunit.core.domain.JavaModifier
import com.tngtech.archunit.core.importer.ClassFileImporter
import com.tngtech.archunit.lang.ArchCondition
import com.tngtech.archunit.lang.ConditionEvents
import com.tngtech.archunit.lang.SimpleConditionEvent
import dev.gantry.runtime.Gantry
import dev.gantry.kernel.Kernel
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Shared
import spock.lang.Specification

/** The arrows within the module `runtime`. */
class ArchitectureSpec extends Specification {
    private static final String[] PURE =
        ['dev.gantry.oci..', 'dev.gantry.plan..', 'dev.gantry.json..', 'dev.gantry.error..', 'dev.gantry.text..']

    private static final List<String> VERBS_KNOW = [
            'value', 'io', 'host', 'store', 'image', 'proc', 'cgroup', 'systemd', 'seccomp', 'plan', 'plan.compile',
            'oci', 'oci.codec', 'json', 'files', 'error', 'kernel', 'kernel.init', 'wire']

    /** The package of records, of which there are as many as the spec has kinds of things. */
    private static final RECORDS = ['dev.gantry.oci']
    private static final MAX_CLASSES = 40

    /** What callers in Java see, beside the model in `oci`. */
    private static final FACE = ['dev.gantry.runtime', 'dev.gantry.value', 'dev.gantry.error']
    private static final DOOR = 'dev.gantry.runtime.Internals'
    private static final VALUES_OF_THE_KERNEL = ['ExitStatus', 'Errno', 'Signal']
        .collect { "dev.gantry.kernel.$it".toString() }

    /** Packages, and classes of others, that use files of this machine by name, and which. */
    private static final Map<String, String> USE_FILES = [
            cgroup               : 'the control files of the kernel',
            files                : 'the files that a user names',
            host                 : 'the facts about the machine',
            image                : 'the store of images, and the archives that a user names',
            'image.layer'        : 'descriptors, by their names in /proc/self/fd',
            proc                 : 'what /proc says',
            rootfs               : 'descriptors, by their names in /proc/self/fd, and the user\'s side of a copy',
            seccomp              : 'the cache of filters and what the kernel says of them',
            store                : 'the state root',
            systemd              : 'the socket of the bus',
            'io.MemoryEvents'    : 'control files of memory',
            'io.NotifySocket'    : 'a directory of the state root',
            'launch.Creation'    : 'the directory of a root that is made, in the state root',
            'launch.ExecCgroups' : 'control files',
            'launch.Handle'      : 'the fifo in the state root',
            'launch.IdMaps'      : 'the maps of this process',
            'launch.LimitUpdate' : 'control files',
            'launch.Remains'     : 'directories of cgroups',
            'launch.Start'       : 'the fifos in the state root']

    /** In one literal, or in parts. */
    private static final LEADS_INSIDE = /"\/proc[\/"].*[\/"](root|cwd)[\/"]/

    /** Its own working directory, for relative names of any bytes. */
    private static final OF_THIS_PROCESS = 'RawPath.java'

    private static final FILE_TYPES = [Files, FileInputStream, FileOutputStream, RandomAccessFile, FileReader,
        FileWriter, FileChannel]*.name
    private static final OF_FILE = ['exists', 'list', 'listFiles', 'isFile', 'isDirectory', 'delete', 'mkdir',
        'mkdirs', 'renameTo', 'length', 'createNewFile']

    /** What knows where a container's root is on this machine. */
    private static final ROOTS = [['dev.gantry.oci.Root', 'path'], ['dev.gantry.value.ContainerState', 'rootfs'],
        ['dev.gantry.oci.OciConfig', 'root']]

    private static final String KERNEL_NUMBERS =
            '(O|AT|RESOLVE|PR)_[A-Z_]+|SIG(HUP|INT|QUIT|KILL|PIPE|TERM|CONT|STOP|WINCH)(_[A-Z]+)?|' +
            'TIOC[A-Z]+|TC[GS]ETS|FIONBIO'

    @Shared imported = new ClassFileImporter().importPath(Path.of(Gantry.protectionDomain.codeSource.location.toURI()))

    def "no length of time is measured by a clock that may be set"() {
        expect:
        noClasses().should().callMethod(java.time.Duration, 'between', java.time.temporal.Temporal,
            java.time.temporal.Temporal).check(imported)
        noClasses().should().callMethod(System, 'currentTimeMillis').check(imported)
    }

    def "packages are free of cycles"() {
        expect:
        slices().matching('dev.gantry.(**)').should().beFreeOfCycles().check(imported)
    }

    def "the model and the plan are pure: no kernel, no files"() {
        expect:
        noClasses().that().resideInAnyPackage(PURE)
                .should().dependOnClassesThat().resideInAnyPackage('dev.gantry.kernel..', 'java.nio.file..')
                .orShould().dependOnClassesThat().haveFullyQualifiedName('java.io.File')
                .because('plans are made and tested without a machine').check(imported)
    }

    def "the records of the model know neither their codecs nor their rules"() {
        expect:
        noClasses().that().resideInAPackage('dev.gantry.oci')
                .should().dependOnClassesThat().resideInAnyPackage('dev.gantry.oci.codec', 'dev.gantry.oci.rules')
                .because('a record says what the document says').check(imported)
        noClasses().that().resideInAPackage('dev.gantry.oci.rules')
                .should().dependOnClassesThat().resideInAnyPackage('dev.gantry.oci.codec', 'dev.gantry.json')
                .because('a config is judged however it was written, also by a script').check(imported)
        noClasses().that().resideInAPackage('dev.gantry.oci.codec')
                .should().dependOnClassesThat().resideInAPackage('dev.gantry.oci.rules')
                .because('what cannot be right can be read').check(imported)
    }

    def "the records of the model and the plan hold no paths of this machine"() {
        expect:
        noFields().that().areDeclaredInClassesThat().resideInAnyPackage('dev.gantry.oci..', 'dev.gantry.plan..')
                .should().haveRawType(Path)
                .because('a path in a config may mean the container\'s, or another machine').check(imported)
    }

    def "the package #name knows #known only, since #reason"() {
        expect:
        noClasses().that().resideInAPackage("dev.gantry.$name")
                .should().dependOnClassesThat(describe('live in another package of ours') { JavaClass type ->
                    type.packageName.startsWith('dev.gantry.') && !(type.packageName - 'dev.gantry.' in [name, *known])
                }).because(reason).check(imported)

        where:
        name     | known                                                                               | reason
        'files'  | ['error', 'kernel', 'wire'] |
            'cgroups, plans and containers are built on them'
        'proc'   | ['value', 'kernel', 'wire'] |
            'to the kernel a container is nothing but processes'
        'host'   | ['proc', 'cgroup', 'files', 'plan', 'oci', 'error', 'kernel', 'kernel.jnr', 'wire'] |
            'the facts are the same whatever containers there are'
        'store'  | ['value', 'files', 'oci', 'oci.codec', 'json', 'error', 'kernel', 'wire'] |
            'what is kept must be readable whatever has become of the containers'
        'rootfs' | ['value', 'proc', 'files', 'store', 'oci', 'error', 'kernel', 'wire'] |
            'who resolves hostile paths must be read without anything else in mind'
        'image'  | ['image.layer', 'files', 'oci', 'json', 'error', 'kernel', 'kernel.jnr', 'wire'] |
            'an image is the same whatever containers are made of it'
        'image.layer' | ['files', 'error', 'kernel', 'wire'] |
            'who unpacks hostile archives must be read without anything else in mind'
        'value'  | ['error', 'oci', 'kernel'] |
            'callers and all that works for them speak in these terms'
        'io'     | ['value', 'cgroup', 'proc', 'files', 'oci', 'text', 'error', 'kernel', 'wire'] |
            'bytes move and processes end in the same way, whoever launched them'
        'plan'   | ['oci', 'error', 'wire'] |
            'a plan is read by all, and made by one'
        'launch' | VERBS_KNOW |
            'the verbs serve the face and must not go through it'
    }

    def "what makes plans knows what plans are made of, and nothing that acts"() {
        expect:
        noClasses().that().resideInAPackage('dev.gantry.plan.compile')
                .should().dependOnClassesThat(describe('act') { JavaClass type ->
                    type.packageName.startsWith('dev.gantry.') && !(type.packageName - 'dev.gantry.' in
                        ['plan.compile', 'plan', 'oci', 'oci.rules', 'json', 'error', 'wire'])
                }).because('a plan must come out the same on every machine with these facts').check(imported)
    }

    def "nobody in the module knows its face"() {
        expect:
        noClasses().that().resideOutsideOfPackage('dev.gantry.runtime')
                .should().dependOnClassesThat().resideInAPackage('dev.gantry.runtime')
                .because('what works for a face must work without it').check(imported)
    }

    def "the face speaks of nothing that is inside, and takes no bare booleans"() {
        expect:
        classes().that(describe('callers in Java see') { JavaClass type -> isOfTheFace(type) })
                .should(nameOnlyWhatCallersSee()).andShould(takeNoBareBooleans())
                .because('what a public signature names cannot change; `Internals` is the door for our own modules')
                .check(imported)
    }

    def "no package is too large to be looked through"() {
        expect:
        imported.findAll { it.topLevelClass && it.packageName !in RECORDS }.countBy { it.packageName }
            .every { name, count -> count <= MAX_CLASSES }
    }

    def "numbers of the kernel are in its package alone"() {
        expect:
        noFields().that().areStatic().should().haveNameMatching(KERNEL_NUMBERS)
                .because('some differ between machines, and LayoutsSpec compares those that are in it with C compilers')
                .check(imported)
    }

    def "nobody touches native code"() {
        expect:
        noClasses().should().dependOnClassesThat().resideInAnyPackage('jnr..', 'com.kenai.jffi..').check(imported)
    }

    def "there is no Groovy in it"() {
        expect:
        noClasses().should().dependOnClassesThat()
            .resideInAnyPackage('groovy..', 'org.codehaus.groovy..', 'org.apache.groovy..')
            .check(imported)
    }

    def "nobody prints or exits"() {
        expect:
        noClasses().should().accessField(System, 'out').orShould().accessField(System, 'err')
                .orShould().callMethod(System, 'exit', int)
                .orShould().callMethod(Runtime, 'exit', int)
                .orShould().callMethod(Runtime, 'halt', int)
                .because('it is a library').check(imported)
    }

    def "nobody starts processes by the JVM's means"() {
        expect:
        noClasses().should().dependOnClassesThat().areAssignableTo(ProcessBuilder)
                .orShould().callMethodWhere(runtimeExec())
                .because('the JVM forks with all its descriptors; gantry-init is spawned by the kernel package')
                .check(imported)
    }

    def "files of this machine are used by name only where that is meant"() {
        expect:
        def others = describe('have no reason to') { JavaClass type ->
            !(within(type) in USE_FILES || type.packageName - 'dev.gantry.' in USE_FILES)
        }
        noClasses().that(others)
                .should().callMethodWhere(usesFiles()).orShould().callConstructorWhere(usesFiles())
                .because('a name that leads through a container is followed on the host; `rootfs` goes by descriptor')
                .check(imported)
        USE_FILES.keySet().every { place ->
            imported.any { within(it) == place || it.packageName == "dev.gantry.$place" }
        }
    }

    def "nobody follows the path of a container's root"() {
        expect:
        noClasses().should(new ArchCondition<JavaClass>('use files in a method that knows where a root is') {
            @Override
            void check(JavaClass type, ConditionEvents events) {
                type.codeUnits.each { unit ->
                    def knows = unit.callsFromSelf.any { [it.targetOwner.name, it.name] in ROOTS }
                    def opens = { it.targetOwner.name == Kernel.name && it.name == 'open' }
                    def uses = unit.callsFromSelf.find { usesFiles().test(it) || opens(it) }
                    if (knows && uses) events.add(SimpleConditionEvent.satisfied(type, uses.description))
                }
            }
        }).because('a container may have replaced what lies there; its files are reached through `rootfs`')
            .check(imported)
    }

    def "the name that leads into a running container stands where it is opened, and nowhere else"() {
        given:
        def sources = ['native', 'runtime', 'dsl', 'repl'].collectMany { module ->
            Files.walk(Path.of("../$module/src/main/java"))
                .withCloseable { walk -> walk.filter { it =~ /\.java$/ }.toList() }
        }

        expect:
        sources.size() > 400
        sources.findAll { source -> Files.readAllLines(source).any { !(it =~ /^ *(\*|\/)/) && it =~ LEADS_INSIDE } }
                .collect { it.fileName.toString() }.toSet() ==
                    ['RootAccess.java', 'RootDirectories.java', OF_THIS_PROCESS] as Set
    }

    def "only json builds an ObjectMapper"() {
        expect:
        noClasses().that().resideOutsideOfPackage('dev.gantry.json')
                .should().dependOnClassesThat().areAssignableTo(ObjectMapper)
                .orShould().dependOnClassesThat().areAssignableTo(JsonMapper.Builder)
                .because('strictness is decided in one place').check(imported)
    }

    private static boolean isOfTheFace(JavaClass type) {
        type.packageName in FACE && type.modifiers.contains(JavaModifier.PUBLIC) && type.name != DOOR
    }

    /** The model of the spec is a part of the face: records of what OCI fixes, which name JSON of their own. */
    private static boolean isSeen(JavaClass type) {
        def element = type.baseComponentType
        element.primitive || element.name.startsWith('java.') || element.packageName == 'dev.gantry.oci' ||
                element.name in VALUES_OF_THE_KERNEL ||
                element.packageName in FACE && element.name != DOOR
    }

    private static Collection<JavaCodeUnit> signatures(JavaClass type) {
        type.codeUnits.findAll {
            it.modifiers.intersect([JavaModifier.PUBLIC, JavaModifier.PROTECTED]) &&
                !it.modifiers.contains(JavaModifier.SYNTHETIC)
        }
    }

    private static ArchCondition<JavaClass> nameOnlyWhatCallersSee() {
        new ArchCondition<JavaClass>('name only the JDK, the face, values, the model and errors in signatures') {
            @Override
            void check(JavaClass type, ConditionEvents events) {
                def fields = type.fields.findAll { JavaModifier.PUBLIC in it.modifiers }
                def units = signatures(type).collectEntries { unit ->
                    [unit, [unit.returnType, *unit.parameterTypes, *unit.exceptionTypes]]
                }
                def parents = [*type.superclass.stream().toList(), *type.interfaces]
                def named = units + fields.collectEntries { [it, [it.type]] } + [(type): parents]
                named.each { where, types ->
                    types*.allInvolvedRawTypes.flatten().findAll { !isSeen(it) }.each {
                        events.add(SimpleConditionEvent.violated(type, "$where.description names $it.name"))
                    }
                }
            }
        }
    }

    private static ArchCondition<JavaClass> takeNoBareBooleans() {
        new ArchCondition<JavaClass>('take no booleans, which say nothing at a call') {
            @Override
            void check(JavaClass type, ConditionEvents events) {
                signatures(type).findAll { !it.constructor && it.name != 'equals' }
                        .findAll { it.rawParameterTypes.any { it.name == 'boolean' } }
                        .each { events.add(SimpleConditionEvent.violated(type, "$it.description takes a boolean")) }
            }
        }
    }

    private static String within(JavaClass type) {
        type.name.replaceFirst(/\$.*/, '') - 'dev.gantry.'
    }

    private static DescribedPredicate<JavaAccess> usesFiles() {
        describe('files by name') { JavaAccess call ->
            call.targetOwner.name == File.name && call.name in OF_FILE || call.targetOwner.name in FILE_TYPES
        }
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
