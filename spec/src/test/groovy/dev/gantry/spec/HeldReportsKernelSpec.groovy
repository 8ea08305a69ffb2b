package dev.gantry.spec

import static dev.gantry.oci.NamespaceType.PID

import dev.gantry.runtime.Internals
import dev.gantry.error.ContainerException
import dev.gantry.oci.Hook
import dev.gantry.oci.Hooks
import dev.gantry.oci.Namespace
import dev.gantry.oci.OciConfig
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import dev.gantry.value.ContainerStatus
import dev.gantry.value.ExecIo
import dev.gantry.value.TimeoutFailure
import dev.gantry.wire.Report
import dev.gantry.wire.Wire
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import java.util.concurrent.Callable
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import spock.lang.Shared
import spock.lang.Timeout

/**
 * A process inside that has opened what the container's first process reports by: here a hook that may trace it, as may
 * any process of the same user in a container without root. It keeps the channel open, or writes to it.
 */
@RequiresKernel(programs = ['busybox:busybox-static'])
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HeldReportsKernelSpec extends ContainerSpecification {
    /** Opens the pipes and fifos of the hook's parent, the init, for reading and writing, from number 4 on. */
    private static final String TAKE_ALL = '''
        n=4
        for f in /proc/$PPID/fd/*; do
            [ ${f##*/} -gt 2 ] && [ -p $f ] && eval "exec $n<>$f" && n=$((n + 1))
        done
        echo $n >/dev/shm/taken
    '''
    private static final String HOLD = '''
        (sleep 1000) </dev/null >/dev/null 2>&1 &
    '''

    @Shared private threads = Executors.newCachedThreadPool()

    def cleanupSpec() {
        threads.shutdownNow()
    }

    /** Its startContainer hook is a shell script that may trace the init. */
    private OciConfig hooked(String script, List<String> args = ['sleep', '1000'], boolean ownPids = true) {
        def config = config(args)
        def all = config.process().capabilities().bounding() + 'CAP_SYS_PTRACE'
        config = withProcess(config, [capabilities: config.process().capabilities().toBuilder()
                .bounding(all).effective(all).permitted(all).build()])
        if (!ownPids) {
            config = withLinux(config, [namespaces: config.linux().namespaces().findAll { it.type() != PID }])
        }
        def hook = new Hook('/bin/sh', ['sh', '-c', script], null, null)
        config.toBuilder().hooks(new Hooks(null, null, null, [hook], null, null)).build()
    }

    private static <T> T soon(java.util.concurrent.Future<T> future) {
        future.get(20, TimeUnit.SECONDS)
    }

    private static String failure(Closure<?> action) {
        try {
            action.call()
            'none'
        } catch (ContainerException e) {
            e.line()
        } catch (ExecutionException e) {
            (e.cause as ContainerException).line()
        }
    }

    private static int taken(container) {
        container.exec('cat', '/dev/shm/taken').text().strip().toInteger() - 4
    }

    def "a start is over when the program runs, though a process inside holds the channel"() {
        when:
        def container = soon(threads.submit({ start(hooked(TAKE_ALL + HOLD)) } as Callable))

        then:
        taken(container) > 0
        container.status() == ContainerStatus.RUNNING
    }

    def "a created container's start is over when the program runs, though a process inside holds the fifo"() {
        given:
        def container = create(hooked(TAKE_ALL + HOLD))

        when:
        soon(threads.submit { container.start() })

        then:
        taken(container) > 0
        container.status() == ContainerStatus.RUNNING

        when:
        soon(threads.submit { container.deleteForcibly() })

        then:
        !Files.exists(stateRoot.resolve(container.id()))
    }

    def "a program that cannot be executed is reported, though a process inside holds the channel"() {
        when: 'it is there when it is looked up, and is no program that the kernel knows'
        Files.writeString(bundle.resolve('rootfs/bin/nothing'), 'x').toFile().setExecutable(true)
        def told = failure { soon(threads.submit({ start(hooked(TAKE_ALL + HOLD, ['nothing'])) } as Callable)) }

        then:
        told.contains('exec /bin/nothing: exec format error')

        cleanup:
        Files.delete(bundle.resolve('rootfs/bin/nothing'))
    }

    def "#what whose process is killed is over, though another process holds the channel"() {
        given: 'a hook that does not end; what it starts is in the pid namespace of the host'
        def config = hooked(TAKE_ALL + HOLD + 'exec sleep 1000', ['sleep', '1000'], false)
        def id = newId()
        def container = created ? track(Internals.create(gantry, id, definition(config), stdio())) : null
        def starting = threads.submit({
            created ? container.start() : Internals.start(gantry, id, definition(config), stdio())
        } as Callable)

        when: 'it waits for the hook'
        awaitHook(id)
        soon(threads.submit { gantry.container(id).deleteForcibly() })

        then:
        !Files.exists(stateRoot.resolve(id))
        failure { soon(starting) }.readLines().size() == 1
        failure { soon(starting) } != 'none'

        where:
        what      | created
        'a run'   | false
        'a start' | true
    }

    private void awaitHook(String id) {
        def limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(20)
        while (System.nanoTime() < limit) {
            if (lastOfHook(id) == 'sleep 1000') {
                return
            }
            Thread.onSpinWait()
        }
        throw new AssertionError('the hook does not run')
    }

    /** The command line of the first process's only child. */
    private String lastOfHook(String id) {
        try {
            def pid = gantry.container(id).state().pid()
            def child = Files.readString(Path.of("/proc/$pid/task/$pid/children")).strip()
            Files.readString(Path.of("/proc/$child/cmdline")).replace('\0', ' ').strip()
        } catch (ContainerException | IOException notYet) {
            ''
        }
    }

    private static String told(String id, String operation = 'start') {
        "$operation `$id`: a process in the container has written to its first process's report channel"
    }

    def "#what into the channel is no report, and one line says who wrote it"() {
        given:
        def container = create(hooked("printf '$bytes' >/proc/\$PPID/fd/\$("
                + 'for f in /proc/$PPID/fd/*; do case $(readlink $f) in *report.fifo) echo ${f##*/};; esac; done)'))

        when:
        def failed = failure { soon(threads.submit { container.start() }) }
        soon(threads.submit { container.deleteForcibly() })

        then:
        failed == told(container.id())
        !Files.exists(stateRoot.resolve(container.id()))

        where:
        what              | bytes
        'a word'          | 'hello'
        'a long text'     | 'x' * 600
    }

    /** Writes records into all that it has taken, faster than anybody reads them. */
    private static final String FLOOD = '''
        for i in $(seq 4 $((n - 1))); do
            (while :; do dd if=/records bs=512 >&$i; done) </dev/null >/dev/null 2>&1 &
        done
    '''

    private void writeRecords(Report.Kind kind, int step, int error, int count) {
        def record = ByteBuffer.allocate(Report.BYTES).order(ByteOrder.nativeOrder())
                .putInt(Wire.MAGIC).putInt(kind.ordinal()).putInt(step).putInt(error)
        def all = ByteBuffer.allocate(count * Report.BYTES)
        count.times { all.put(record.array()) }
        Files.write(bundle.resolve('rootfs/records'), all.array())
    }

    def "a failure #what is no report, and one line says who wrote it"() {
        given:
        writeRecords(Report.Kind.FAILED, step, error, 1)
        def container = create(hooked('cat /records >/proc/$PPID/fd/$('
                + 'for f in /proc/$PPID/fd/*; do case $(readlink $f) in *report.fifo) echo ${f##*/};; esac; done)'))

        expect:
        failure { soon(threads.submit { container.start() }) } == told(container.id())

        cleanup:
        container.deleteForcibly()
        Files.delete(bundle.resolve('rootfs/records'))

        where:
        what                          | step              | error
        'without an error'            | 1                 | 0
        'of an error that is none'    | 1                 | 9999
        'of a step that is not there' | 1000              | 1
        'before the first step'       | Wire.NO_STEP      | 1
        'of the least of steps'       | Integer.MIN_VALUE | 1
    }

    def "#what is over although a process inside goes on with reports that the program is about to run, #pids"() {
        given:
        writeRecords(Report.Kind.EXEC, 0, 0, 10_000)
        def config = hooked(TAKE_ALL + FLOOD, ['sleep', '1000'], ownPids)
        def id = newId()
        def container = created ? track(Internals.create(gantry, id, definition(config), stdio())) : null

        when:
        def failed = failure {
            soon(threads.submit({
                created ? container.start() : track(Internals.start(gantry, id, definition(config), stdio()))
            } as Callable))
        }

        then: 'unless it was quicker'
        failed in ['none', told(id)]

        when:
        if (created || failed == 'none') {
            soon(threads.submit { gantry.container(id).deleteForcibly() })
        }

        then:
        !Files.exists(stateRoot.resolve(id))

        cleanup:
        Files.delete(bundle.resolve('rootfs/records'))

        where:
        [created, ownPids] << [[false, true], [false, true]].combinations()
        what = created ? 'a start' : 'a run'
        pids = ownPids ? 'with pids of its own' : 'with the pids of the host'
    }

    /** Stops every init that joins, before it becomes its program. */
    private static final String STOP_ALL = '''
        while :; do
            for p in /proc/[0-9]*; do
                read c <$p/comm && case $c in gantry*) kill -STOP ${p##*/}; esac
            done
        done 2>/dev/null
    '''

    private static List<Long> children() {
        ProcessHandle.current().children().map { it.pid() }.sorted().toList()
    }

    def "an exec whose joining init is stopped is over when its time is out, and nothing is left of it"() {
        given:
        def container = start(config(['sh', '-c', STOP_ALL]))
        def before = children()
        def process = container.processFor(['true'])
        def within = ExecIo.DEFAULT.within(Duration.ofSeconds(1))

        when: 'it is quicker now and then'
        def late = null
        while (late == null) {
            try {
                soon(threads.submit({ container.exec(process, within) } as Callable))
            } catch (ExecutionException e) {
                late = e.cause
            }
        }

        then:
        late instanceof TimeoutFailure
        late.line() == "exec in `${container.id()}`: `true` was killed after 1s"
        late.result().exit() == 137
        children() == before
    }

    def "a creation whose init is stopped is over when the container is deleted, and nothing is left of it"() {
        given: 'one that stops all that it sees, and others with its pids'
        def stopping = start(config(['sh', '-c', STOP_ALL]))
        def before = children()
        def pids = new Namespace(PID, "/proc/${stopping.state().pid()}/ns/pid")
        def config = config(['true'])
        config = withLinux(config, [namespaces: config.linux().namespaces().findAll { it.type() != PID } + pids])

        when: 'it is quicker now and then'
        def id = null
        def creating = null
        while (creating == null || creating.done) {
            id = newId()
            creating = threads.submit({ Internals.create(gantry, id, definition(config), stdio()) } as Callable)
            try {
                creating.get(2, TimeUnit.SECONDS).deleteForcibly()
            } catch (TimeoutException stopped) {
                break
            }
        }
        soon(threads.submit { gantry.container(id).deleteForcibly() })

        then:
        failure { soon(creating) } == "create `$id`: gantry-init was ended by SIGKILL"
        !Files.exists(stateRoot.resolve(id))
        children() == before
    }
}
