package dev.gantry.spec

import static dev.gantry.oci.HookPoint.CREATE_CONTAINER
import static dev.gantry.oci.HookPoint.CREATE_RUNTIME
import static dev.gantry.oci.HookPoint.POSTSTART
import static dev.gantry.oci.HookPoint.POSTSTOP
import static dev.gantry.oci.HookPoint.PRESTART
import static dev.gantry.oci.HookPoint.START_CONTAINER

import dev.gantry.oci.Hook
import dev.gantry.oci.HookPoint
import dev.gantry.oci.NamespaceType
import dev.gantry.oci.Seccomp
import dev.gantry.oci.SeccompAction
import dev.gantry.oci.SeccompSyscall
import dev.gantry.oci.State
import dev.gantry.oci.User
import dev.gantry.oci.codec.OciWriter
import dev.gantry.runtime.Internals
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spec.support.HookSpecification
import dev.gantry.spock.RequiresKernel
import dev.gantry.value.ContainerStatus
import dev.gantry.value.HookFailure
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions

/** When, where and with what hooks run: runtime-spec, "POSIX-platform Hooks". */
@RequiresKernel(programs = ['busybox:busybox-static'])
class HooksKernelSpec extends HookSpecification {
    def "hooks run at their points, in their order, and are told the state"() {
        given:
        def hooks = HookPoint.values()
            .collectEntries { point -> [point, [appending("${point.ociName()}-a"), appending("${point.ociName()}-b")]] }
        def container = create(hooked(['sleep', '100'], hooks))
        def made = entries(log)
        def nothingInside = entries(inside)
        def pid = container.state().pid()

        when:
        container.start()
        def started = entries(log) - made
        def startedInside = entries(inside)
        container.deleteForcibly()
        def deleted = entries(log) - made - started

        then:
        made*.name ==
            ['prestart-a', 'prestart-b', 'createRuntime-a', 'createRuntime-b', 'createContainer-a', 'createContainer-b']
        nothingInside == []
        startedInside*.name == ['startContainer-a', 'startContainer-b']
        started*.name == ['poststart-a', 'poststart-b']
        deleted*.name == ['poststop-a', 'poststop-b']

        and:
        made*.state*.get('status')*.asText() == ['creating'] * 6
        startedInside*.state*.get('status')*.asText() == ['created'] * 2
        started*.state*.get('status')*.asText() == ['running'] * 2
        deleted*.state*.get('status')*.asText() == ['stopped'] * 2
        (made + started)*.state*.get('pid')*.asInt() == [pid] * 8
        startedInside*.state*.get('pid')*.asInt() == [1, 1]
        deleted*.state*.get('pid')*.asInt() == [0, 0]
        (made + startedInside + started + deleted)*.state.every {
            it.get('id').asText() == container.id() && it.get('bundle').asText() == bundle.toString() &&
                it.get('ociVersion').asText() == '1.3.0'
        }
    }

    def "each runs where the specification says"() {
        given:
        def where = { HookPoint point ->
            shell("echo ${point.ociName()} \$(readlink /proc/self/ns/uts) \$(pwd) >>${place(point)}")
        }

        when:
        def container = start(hooked(['sleep', '100'], HookPoint.values().collectEntries { [it, [where(it)]] }))
        def own = Files.readSymbolicLink(Path.of('/proc/self/ns/uts')).toString()
        def contained = Files.readSymbolicLink(Path.of("/proc/${container.state().pid()}/ns/uts")).toString()
        container.deleteForcibly()

        then:
        log.readLines() == [
                "prestart $own $bundle", "createRuntime $own $bundle", "createContainer $contained $bundle/rootfs",
                "poststart $own $bundle", "poststop $own $bundle"]*.toString()
        inside.readLines() == ["startContainer $contained /".toString()]
    }

    def "createContainer hooks run before the root is changed, startContainer hooks after"() {
        when:
        def container = start(hooked(['sleep', '100'], [
                (CREATE_CONTAINER): [shell("test -e $log && test -d ${bundle}/rootfs/bin && echo old >>$log; " +
                "test -d /proc/self && cat /proc/1/comm >>$log")],
                (START_CONTAINER): [shell("test ! -e $log && ls / >/tmp/log")]]))

        then:
        log.readLines()[0] == 'old'
        inside.readLines().contains('bin')
        container.status() == ContainerStatus.RUNNING
    }

    def "a createContainer hook sees the container's mounts below its root"() {
        when:
        start(hooked(['sleep', '100'],
            [(CREATE_CONTAINER): [shell("grep ' $bundle/rootfs/dev ' /proc/self/mountinfo >>$log")]]))

        then:
        log.text.contains(' - tmpfs ')
    }

    def "environment and arguments are the hook's own"() {
        when:
        start(hooked(['sleep', '100'], [
                (CREATE_RUNTIME): [
                        new Hook('/bin/busybox', [
                            'sh', '-c', "echo \$0 \$1 \$A \${HOME-none} \${PATH-none} >>$log".toString(), 'zero', 'one'
                        ], ['A=b c'], null),
                        new Hook('/bin/busybox', ['env'], [], null)],
                (CREATE_CONTAINER): [new Hook('/bin/busybox', ['sh', '-c', "env >>$log".toString()], ['X=y'], null)]]))

        then:
        def lines = log.readLines()
        lines[0].startsWith('zero one b c none ')
        lines.contains('X=y')
        !lines.any { it.startsWith('HOME=') || it.startsWith('TERM=') }
    }

    def "the environment of a #point hook: #absent where it has none, else exactly its own"() {
        given:
        def dir = Files.createDirectories(point == START_CONTAINER ? bundle.resolve("rootfs/tmp/${newId()}") :
            shared.resolve(newId()))
        def place = point == START_CONTAINER ? "/tmp/$dir.fileName" : dir
        def telling = { String name, List<String> env -> // sort(1) tells its own, where a shell would add to it
            new Hook('/bin/busybox', ['sort', '-z', '-o', "$place/$name".toString(), '/proc/self/environ'], env, null)
        }
        def config = withProcess(hooked(['sleep', '100'],
            [(point): [telling('absent', null), telling('empty', []), telling('own', ['B=c d', 'A=b'])]]),
                [env: ['PATH=/bin', 'INSIDE=1'], user: User.builder().uid(0).gid(0).build()])
        def told = { String name -> Files.readString(dir.resolve(name)).split('\0').toList() - '' }

        when:
        start(config).deleteForcibly()

        then:
        told('absent').toSet() == (inherited ?: System.getenv().collect { "$it.key=$it.value".toString() }).toSet()
        told('empty') == []
        told('own') == ['A=b', 'B=c d']

        cleanup:
        dir.toFile().deleteDir()

        where:
        point            | inherited                                 | absent
        PRESTART         | null                                      | "the runtime's"
        CREATE_RUNTIME   | null                                      | "the runtime's"
        CREATE_CONTAINER | ['PATH=/bin', 'INSIDE=1']                 | "the program's"
        START_CONTAINER  | ['PATH=/bin', 'INSIDE=1', 'HOME=/root']   | "the program's, HOME included"
        POSTSTART        | null                                      | "the runtime's"
        POSTSTOP         | null                                      | "the runtime's"
    }

    def "a hook inherits the environment of the command byte for byte, and the container nothing of it"() {
        given:
        def config = hooked(['sh', '-c', 'env; cat /proc/1/environ'], [(CREATE_RUNTIME): [
                new Hook('/bin/sh', ['sh', '-c', "printf %s \"\$RAW\" >$log".toString()], null, null)]])
        Files.writeString(bundle.resolve('config.json'), OciWriter.text(config))
        def script =
            "RAW=\$(printf 'a\\377\\303 b') exec $GantryCommand.LAUNCHER --root $stateRoot run --bundle $bundle raw"

        when:
        def outcome = new Command('sh', '-c', "export RAW; $script").input('').run()

        then:
        outcome.exit == 0
        log.bytes == [0x61, 0xff, 0xc3, 0x20, 0x62] as byte[]
        !outcome.out.contains('RAW')

        cleanup:
        Files.deleteIfExists(bundle.resolve('config.json'))
    }

    def "a #point hook has the umask of #whose"() {
        given:
        def dir = Files.createDirectories(point == START_CONTAINER ? bundle.resolve("rootfs/tmp/${newId()}") :
            shared.resolve(newId()))
        def place = point == START_CONTAINER ? "/tmp/$dir.fileName" : dir
        def making = new Hook('/bin/busybox', ['sh', '-c', "umask >$place/umask; mkdir $place/made".toString()],
            ['PATH=/bin'], null)
        def config = hooked(['true'], [(point): [making]])
        Files.writeString(bundle.resolve('config.json'), OciWriter.text(config))
        def command = "umask $mask; exec $GantryCommand.LAUNCHER --root $stateRoot run --bundle $bundle ${newId()}"

        when:
        def process = new ProcessBuilder('sh', '-c', command.toString()).redirectErrorStream(true).start()

        then:
        process.inputStream.text == ''
        process.waitFor() == 0
        Files.readString(dir.resolve('umask')).trim() == (point == START_CONTAINER ? '0022' : mask)
        PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve('made'))) == mode

        cleanup:
        Files.deleteIfExists(bundle.resolve('config.json'))
        dir.toFile().deleteDir()

        where:
        point            | mask   || mode
        PRESTART         | '0027' || 'rwxr-x---'
        CREATE_RUNTIME   | '0027' || 'rwxr-x---'
        CREATE_RUNTIME   | '0077' || 'rwx------'
        CREATE_CONTAINER | '0027' || 'rwxr-x---'
        CREATE_CONTAINER | '0077' || 'rwx------'
        START_CONTAINER  | '0077' || 'rwxr-xr-x'
        POSTSTART        | '0027' || 'rwxr-x---'
        POSTSTOP         | '0027' || 'rwxr-x---'

        whose = point == START_CONTAINER ? "the program" : "the caller, $mask"
    }

    def "a startContainer hook without an environment gets the program's, HOME included"() {
        given:
        def config = withProcess(hooked(['sleep', '100'], [(START_CONTAINER): [
                new Hook('/bin/sh', ['sh', '-c', 'env >/tmp/log'], null, null),
                new Hook('/bin/sh', ['sh', '-c', 'env >>/tmp/log'], ['ONLY=this', 'PATH=/bin'], null)]]),
                [env: ['PATH=/bin', 'A=1'], user: User.builder().uid(0).gid(0).build()])

        when:
        start(config)

        then:
        inside.readLines().findAll { !(it =~ /^(SHLVL|PWD)=/) }.toSorted() ==
            ['A=1', 'HOME=/root', 'ONLY=this', 'PATH=/bin', 'PATH=/bin']
    }

    def "a program without arguments is its own name"() {
        given:
        def script = executable('#!/bin/sh\necho "$0 $#" >>' + log + '\n')

        when:
        start(hooked(['sleep', '100'], [(CREATE_RUNTIME): [new Hook(script.toString(), [], [], null)]]))

        then:
        log.readLines() == ["$script 0".toString()]
    }

    def "hooks hold their three descriptors and nothing else: #point"() {
        given:
        def hook = shell("exec >>${place(point)}; exec ls /proc/self/fd")

        when:
        def container = start(hooked(['sleep', '100'], [(point): [hook]]))
        container.deleteForcibly()

        then:
        // ls reads the directory by the last
        (point == START_CONTAINER ? inside : log).readLines() == ['0', '1', '2', '3']

        where:
        point << HookPoint.values()
    }

    def "a startContainer hook has the seccomp filter on"() {
        given:
        def deny = new SeccompSyscall(['mkdir', 'mkdirat'], SeccompAction.KILL_PROCESS, null, [])
        def config = withLinux(hooked(['sleep', '100'],
            [(START_CONTAINER): [new Hook('/bin/mkdir', ['mkdir', '/tmp/made'], [], null)]]),
                [seccomp: new Seccomp(SeccompAction.ALLOW, null, [], null, null, null, [deny])])
        def container = create(config)

        when:
        container.start()

        then:
        def e = thrown(HookFailure)
        e.message.contains('error running startContainer hook #0: signal: bad system call [')
        !Files.exists(bundle.resolve('rootfs/tmp/made'))
    }

    def "hooks work in a container without a mount namespace"() {
        given:
        def config = hooked(['sleep', '100'],
            [(CREATE_RUNTIME): [appending('createRuntime')], (CREATE_CONTAINER): [shell("pwd >>$log; echo >>$log")]])
        def bare = withLinux(config, [namespaces: config.linux().namespaces()
            .findAll { it.type() != NamespaceType.MOUNT }, maskedPaths: [], readonlyPaths: []])

        when:
        start(bare.toBuilder().mounts([]).build())

        then:
        log.readLines().findAll { it.startsWith('createRuntime') }.size() == 1
        log.readLines().contains("$bundle/rootfs".toString())
    }

    def "callbacks stand for hooks in this process, after the config's own"() {
        given:
        def heard = []
        def config = hooked(['sleep', '100'], [(CREATE_RUNTIME): [shell("echo hook >>$log")]])
        def made = [PRESTART, CREATE_RUNTIME, POSTSTART, POSTSTOP].inject(definition(config)) { definition, point ->
            definition.callingAt(point) { State state -> heard << [point, state.status(), state.pid(), log.text] }
        }

        when:
        def container = Internals.start(gantry, newId(), made, stdio())
        def pid = container.state().pid()
        container.deleteForcibly()

        then:
        heard == [[PRESTART, 'creating', pid, ''], [CREATE_RUNTIME, 'creating', pid, 'hook\n'],
            [POSTSTART, 'running', pid, 'hook\n'], [POSTSTOP, 'stopped', 0, 'hook\n']]
    }

    def "a callback that throws is a hook that fails"() {
        given:
        def id = newId()
        def made = definition(hooked(['true'], [(CREATE_RUNTIME): [shell('true')]]))
                .callingAt(CREATE_RUNTIME) { State state ->
            throw new IllegalStateException('not today')
        }

        when:
        Internals.create(gantry, id, made, stdio())

        then:
        def e = thrown(HookFailure)
        e.message == "create `$id`: error running createRuntime hook #1: not today [hooks.createRuntime[1]]"
        !Files.exists(stateRoot.resolve(id))
    }

    def "no callback runs in a container"() {
        when:
        definition(config()).callingAt(START_CONTAINER) { State state -> }

        then:
        def e = thrown(IllegalArgumentException)
        e.message == 'a startContainer hook runs in the container and must be a program'
    }
}
