package dev.gantry.spec

import static dev.gantry.spec.support.Eventually.eventually
import static dev.gantry.spec.support.Eventually.within

import dev.gantry.spec.support.Command
import dev.gantry.spec.support.EngineStreamsSpecification
import dev.gantry.spec.support.HostCgroups
import dev.gantry.spec.support.ImageArchive
import dev.gantry.spec.support.Outcome
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.util.concurrent.TimeUnit
import spock.lang.Shared

/** containerd with Gantry as the runtime of its shim, by ctr. */
@RequiresKernel(programs = ['ctr:containerd', 'containerd', 'runc', 'script:bsdutils', 'busybox:busybox-static'])
class ContainerdKernelSpec extends EngineStreamsSpecification {
    private static final String IMAGE = 'docker.io/library/box:1'

    @Shared private Process daemon
    @Shared private int counter
    private final List<String> idle = []

    def setupSpec() {
        def config = Files.writeString(dir.resolve('config.toml'), """\
            version = 2
            root = "$dir/root"
            state = "$dir/state"
            disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
            [grpc]
            address = "$dir/c.sock"
            """.stripIndent())
        daemon = new Command('containerd', '-c', config).start(dir.resolve('log'))
        eventually(30, { dir.resolve('log').toFile().text }) { ctr('version').exit == 0 }
        ImageArchive.write(dir.resolve('image.tar'), rootfs, IMAGE)
        assert ctr('image', 'import', '--snapshotter', 'native', "$dir/image.tar".toString()).exit == 0
    }

    def cleanupSpec() {
        daemon.destroy()
        daemon.waitFor(20, TimeUnit.SECONDS)
        HostCgroups.remove('default')
    }

    def cleanup() {
        idle.each { end(it) }
    }

    private Outcome ctr(String... args) {
        run(command(args))
    }

    private String[] command(String... args) {
        ['ctr', '-a', "$dir/c.sock", *args]*.toString() as String[]
    }

    private Outcome launch(List<String> options, String id, String... command) {
        run(launching('gantry', options, id, *command))
    }

    private String[] launching(String runtime, List<String> options, String id, String... args) {
        command('run', *options, '--snapshotter', 'native',
                '--runc-binary', RUNTIMES[runtime], '--runtime', 'io.containerd.runc.v2',
                '--mount', "type=bind,src=$seen,dst=/seen,options=rbind:rw".toString(), IMAGE, id, *args)
    }

    @Override
    protected Map<String, Closure<String>> ways(String runtime) {
        [run: { options -> launching(runtime, ['--rm'] + (options.tokenize() - '-i'), id()).join(' ') },
         exec: { options ->
             command('task', 'exec', *(options.tokenize() - '-i'), '--exec-id', 'added', started(runtime)).join(' ')
         }]
    }

    private String started(String runtime) {
        def id = id()
        assert run(launching(runtime, ['-d'], id, 'sleep', '1000')).exit == 0
        idle << id
        id
    }

    private String id() {
        "c${counter++}"
    }

    def "run #options #command"() {
        when:
        def run = launch(['--rm'] + options, id(), *command)

        then:
        run.exit == exit
        run.out.trim() == out
        run.err.contains(message)

        where:
        options          | command                 || exit | out | message
        []               | ['id', '-u']            || 0    | '0' | ''
        []               | ['sh', '-c', 'exit 5']  || 5    | ''  | ''
        ['--env', 'A=b'] | ['sh', '-c', 'echo $A'] || 0    | 'b' | ''
        ['--read-only']  | ['touch', '/x']         || 1    | ''  | 'Read-only file system'
        []               | ['/nope']               ||
            1    | ''  | 'OCI runtime create failed: gantry create failed: unable to start container process: ' +
                'error during container init: exec: "/nope": no such file or directory'
    }

    def "a limit is set, in the cgroup that containerd names"() {
        given:
        def id = id()
        assert launch(['-d', '--memory-limit', "${64 << 20}".toString()], id, 'sleep', '100').exit == 0

        expect:
        new File("/sys/fs/cgroup/memory/default/$id/memory.limit_in_bytes").text.trim() == "${64 << 20}"

        cleanup:
        end(id)
    }

    def "exec, ps, pause, resume, kill and delete of a task"() {
        given:
        def id = id()
        assert launch(['-d'], id, 'sleep', '100').exit == 0
        def status = { ctr('task', 'ls').out.readLines().find { it.startsWith(id + ' ') }?.split(/\s+/)?.getAt(2) }

        expect:
        status() == 'RUNNING'
        ctr('task', 'exec', '--exec-id', 'e1', id, 'id', '-u').with { it.exit == 0 && it.out == '0\n' }
        ctr('task', 'exec', '--exec-id', 'e2', id, 'sh', '-c', 'exit 3').exit == 3
        ctr('task', 'ps', id).out.readLines().size() == 2
        ctr('task', 'pause', id).exit == 0
        status() == 'PAUSED'
        ctr('task', 'resume', id).exit == 0
        status() == 'RUNNING'

        when:
        end(id)

        then:
        status() == null
        !new File("/sys/fs/cgroup/memory/default/$id").exists()
    }

    def "metrics are what they are under runc"() {
        when: 'the shim reads the cgroup itself; on a machine with an uncommon set of v1 controllers it finds none'
        def metrics = both { names(ctr('task', 'metrics', started(it))) }

        then:
        metrics.gantry == metrics.runc
    }

    private static List<String> names(Outcome metrics) {
        (metrics.out + metrics.err).readLines()*.split(/\s+/)*.getAt(0).findAll { !(it =~ /^c\d+$/) }
    }

    private void end(String id) {
        ctr('task', 'kill', '-s', 'KILL', id)
        within(20) { !(ctr('task', 'ls').out =~ /(?m)^$id .*RUNNING/) }
        ctr('task', 'rm', id)
        assert ctr('container', 'rm', id).exit == 0
    }
}
