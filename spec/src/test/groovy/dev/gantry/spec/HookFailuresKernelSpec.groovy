package dev.gantry.spec

import static dev.gantry.oci.HookPoint.CREATE_CONTAINER
import static dev.gantry.oci.HookPoint.CREATE_RUNTIME
import static dev.gantry.oci.HookPoint.POSTSTART
import static dev.gantry.oci.HookPoint.POSTSTOP
import static dev.gantry.oci.HookPoint.PRESTART
import static dev.gantry.oci.HookPoint.START_CONTAINER
import static dev.gantry.spec.support.Eventually.eventually

import dev.gantry.error.ErrorKind
import dev.gantry.oci.Hook
import dev.gantry.oci.HookPoint
import dev.gantry.oci.State
import dev.gantry.oci.codec.OciWriter
import dev.gantry.runtime.Gantry
import dev.gantry.runtime.GantryOptions
import dev.gantry.runtime.Internals
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spec.support.HookSpecification
import dev.gantry.spock.RequiresKernel
import dev.gantry.value.ContainerStatus
import dev.gantry.value.HookFailure
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.util.concurrent.PollingConditions

/** What follows when a hook fails, takes too long, or leaves something behind: runtime-spec, "Lifecycle". */
@RequiresKernel(programs = ['busybox:busybox-static'])
class HookFailuresKernelSpec extends HookSpecification {
    private static final List<HookPoint> BEFORE_START = [PRESTART, CREATE_RUNTIME, CREATE_CONTAINER]

    def "a hook that fails at #point stops the making, says why, and leaves nothing but what poststop was for"() {
        given:
        def id = newId()
        def hooks = [(point): [shell('exit 0'), shell('echo first; echo last words >&2; exit 7')],
            (POSTSTOP): [appending('poststop')]]

        when:
        Internals.create(gantry, id, definition(hooked(['true'], hooks)), stdio())

        then:
        def e = thrown(HookFailure)
        e.kind() == ErrorKind.HOOK
        e.message == "create `$id`: error running ${point.ociName()} hook #1: exit status 7: " +
            "first last words [hooks.${point.ociName()}[1]]"
        !Files.exists(stateRoot.resolve(id))
        entries(log)*.name == ['poststop']

        where:
        point << BEFORE_START
    }

    def "the hooks after one that fails do not run"() {
        when:
        def hooks = [(CREATE_RUNTIME): [shell('exit 1'), appending('never')], (CREATE_CONTAINER): [appending('never')]]
        Internals.create(gantry, newId(), definition(hooked(['true'], hooks)), stdio())

        then:
        thrown(HookFailure)
        entries(log) == []
    }

    def "a startContainer hook that fails stops the container"() {
        given:
        def container = create(hooked(['touch', '/tmp/ran'], [(START_CONTAINER): [shell('echo no >&2; exit 3')]]))

        when:
        container.start()

        then:
        def e = thrown(HookFailure)
        e.message == "start `${container.id()}`: error running startContainer hook #0: exit status 3: " +
            "no [hooks.startContainer[0]]"
        container.status() == ContainerStatus.STOPPED
        !Files.exists(bundle.resolve('rootfs/tmp/ran'))
    }

    def "the failing hook is found by a process that did not make the container, whatever options it was made with"() {
        given:
        def callback = { State state -> }
        def made = definition(hooked(['true'],
            [(START_CONTAINER): [shell('exit 0'), shell('exit 4')]])).callingAt(CREATE_RUNTIME, callback)
        def id = track(Internals.create(gantry, newId(), made, stdio())).id()
        def other = Gantry.open(GantryOptions.at(stateRoot))

        when:
        other.container(id).start()

        then:
        def e = thrown(HookFailure)
        e.message.contains('error running startContainer hook #1: exit status 4')

        cleanup:
        other.close()
    }

    def "a poststart hook that fails takes the container along"() {
        given:
        def container =
            create(hooked(['sleep', '100'], [(POSTSTART): [shell('exit 5')], (POSTSTOP): [appending('poststop')]]))

        when:
        container.start()

        then:
        def e = thrown(HookFailure)
        e.message.contains('error running poststart hook #0: exit status 5')
        !Files.exists(stateRoot.resolve(container.id()))
        entries(log)*.name == ['poststop']
    }

    def "a poststop hook that fails is a warning, the others run, the container is gone"() {
        given:
        def warnings = []
        def other = Gantry.open(GantryOptions.at(stateRoot).warning { warnings << it })
        def id = newId()
        def container = Internals.start(other, id,
            definition(hooked(['sleep', '100'], [(POSTSTOP): [shell('exit 6'), appending('second')]])), stdio())

        when:
        container.deleteForcibly()

        then:
        warnings == ["delete `$id`: error running poststop hook #0: exit status 6 [hooks.poststop[0]]".toString()]
        entries(log)*.name == ['second']
        !Files.exists(stateRoot.resolve(id))

        cleanup:
        other.close()
    }

    def "poststop hooks run too when another process deletes"() {
        given:
        def id = newId()
        Internals.start(gantry, id, definition(hooked(['sleep', '100'], [(POSTSTOP): [appending('poststop')]])),
            stdio())
        def other = Gantry.open(GantryOptions.at(stateRoot))

        when:
        other.container(id).deleteForcibly()

        then:
        entries(log)*.name == ['poststop']

        cleanup:
        other.close()
    }

    def "what cannot be run at #point says so: #path"() {
        given:
        Files.writeString(bundle.resolve('rootfs/tmp/text'), 'x')
        Files.writeString(shared.resolve('text'), 'x')

        when:
        Internals.create(gantry, newId(), definition(hooked(['true'], [(point): [new Hook(path, [], [], null)]])),
            stdio())

        then:
        def e = thrown(HookFailure)
        e.message.contains("error running ${point.ociName()} hook #0: exec `$path`: $reason [")

        where:
        [point, path, reason] << [[PRESTART, CREATE_CONTAINER], [
                ['/not/there', 'no such file or directory (ENOENT)'], ['/etc/passwd', 'permission denied (EACCES)'],
                ['/etc', 'permission denied (EACCES)']]].combinations { p, r -> [p] + r }
    }

    def "a hook's time is limited at #point, and it ends with its time"() {
        given:
        def begin = System.nanoTime()

        when:
        Internals.create(gantry, newId(),
            definition(hooked(['true'], [(point): [new Hook('/bin/busybox', ['sleep', '30'], [], 1)]])), stdio())

        then:
        def e = thrown(HookFailure)
        e.message.contains("error running ${point.ociName()} hook #0: ran out of time [")
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin).toInteger() in 1..10

        where:
        point << BEFORE_START
    }

    def "a hook at #point that stops the one who keeps its time is waited for no longer"() {
        when:
        Internals.create(gantry, newId(), definition(hooked(['true'], [(point): [
                new Hook('/bin/sh', ['sh', '-c', "echo \$\$ >>$log; kill -STOP \$PPID; exec sleep 30".toString()],
                    null, 1)]])), stdio())

        then:
        def e = thrown(HookFailure)
        e.message.contains("error running ${point.ociName()} hook #0: ran out of time [")
        new PollingConditions(timeout: 10).eventually {
            assert !Files.exists(Path.of('/proc', log.text.trim()))
        }

        where:
        point << [PRESTART, CREATE_RUNTIME]
    }

    def "a hook that leaves somebody behind with its output is not waited for"() {
        given:
        def begin = System.nanoTime()

        when:
        def container = start(hooked(['sleep', '100'], [(CREATE_RUNTIME): [shell("sleep 5 & echo \$! >>$log")]]))

        then:
        container.status() == ContainerStatus.RUNNING
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) < 4

        cleanup:
        ProcessHandle.of(log.text.trim().toLong()).ifPresent { it.destroyForcibly() }
    }

    def "of what a hook writes the end is told, however much it is"() {
        when:
        Internals.create(gantry, newId(),
            definition(hooked(['true'],
                [(point): [shell('i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; exit 1')]])),
            stdio())

        then:
        def e = thrown(HookFailure)
        e.message.contains('exit status 1: ')
        e.message.contains('line 19999')
        e.message.length() < 700

        where:
        point << [CREATE_RUNTIME, CREATE_CONTAINER]
    }

    def "a hook that is killed says by what"() {
        when:
        Internals.create(gantry, newId(), definition(hooked(['true'], [(CREATE_RUNTIME): [shell('kill -9 $$')]])),
            stdio())

        then:
        def e = thrown(HookFailure)
        e.message.contains('error running createRuntime hook #0: signal: killed [')
    }

    def "a hook does not outlive the runtime"() {
        given:
        def config = hooked(['true'], [(CREATE_RUNTIME): [
            new Hook('/bin/busybox', ['sh', '-c', "echo \$\$ >>$log; exec sleep 60".toString()], [], null)
        ]])
        Files.writeString(bundle.resolve('config.json'), OciWriter.text(config))
        def process = new Command(GantryCommand.LAUNCHER, '--root', stateRoot, 'create', '-b', bundle, 'orphan')
            .merged().start()

        when:
        eventually { log.text.endsWith('\n') || !process.alive }
        def hook = ProcessHandle.of(log.text.trim().toLong())
        process.destroyForcibly().waitFor()
        def gone = hook.isEmpty() || hook.get().onExit().get(5, TimeUnit.SECONDS)

        then:
        gone

        cleanup:
        gantry.container('orphan').deleteForcibly()
        Files.deleteIfExists(bundle.resolve('config.json'))
    }
}
