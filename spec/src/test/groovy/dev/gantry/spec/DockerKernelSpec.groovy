package dev.gantry.spec

import dev.gantry.spec.support.Command
import dev.gantry.spec.support.EngineStreamsSpecification
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spec.support.HostCgroups
import dev.gantry.spec.support.Outcome
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.util.concurrent.TimeUnit
import spock.lang.Shared
import spock.util.concurrent.PollingConditions

/**
 * Docker with Gantry as its default runtime; what it says and does is compared with what it says and does with runc.
 */
@RequiresKernel(programs =
    ['dockerd:docker.io', 'docker:docker.io', 'tini-static:tini', 'script:bsdutils', 'runc', 'busybox:busybox-static'])
class DockerKernelSpec extends EngineStreamsSpecification {
    @Shared private Process daemon
    @Shared private int counter
    private final PollingConditions soon = new PollingConditions(timeout: 30)

    def setupSpec() {
        daemon = new Command('dockerd', '--data-root', "$dir/data", '--exec-root', "$dir/x",
                '--pidfile', "$dir/pid", '-H', "unix://$dir/d.sock", '--bridge=none',
                '--iptables=false', '--ip6tables=false', '--storage-driver=vfs', '--init-path', '/usr/bin/tini-static',
                '--add-runtime', "gantry=$GantryCommand.LAUNCHER", '--default-runtime', 'gantry')
                .start(dir.resolve('log'))
        new PollingConditions(timeout: 60).eventually {
            assert docker('version').exit == 0: dir.resolve('log').toFile().text
        }
        assert run('sh', '-c', "tar -C $rootfs -c . | docker -H unix://$dir/d.sock import -c 'ENV PATH=/bin' - box")
            .exit == 0
    }

    def cleanupSpec() {
        docker('ps', '-aq').out.readLines().each { docker('rm', '-f', it) }
        daemon.destroy()
        assert daemon.waitFor(30, TimeUnit.SECONDS)
        run('umount', "$dir/x/netns/default".toString()) // Docker's own
        HostCgroups.remove('docker')
    }

    private Outcome docker(String... args) {
        run(command(args))
    }

    private String[] command(String... args) {
        ['docker', '-H', "unix://$dir/d.sock".toString(), *args] as String[]
    }

    /** Runs the same with both runtimes; how a runtime words a refusal is its own. */
    private Map<String, List<?>> outcomes(Closure<Outcome> action) {
        both { runtime ->
            def outcome = action(runtime)
            def err = outcome.err.replaceAll(/(?s)docker: Error response from daemon: .*/, 'refused')
            [outcome.exit, outcome.out.replaceAll(/(?s)OCI runtime exec failed: .*executable file not found in .*/,
                'not found'), err]
        }
    }

    @Override
    protected Map<String, Closure<String>> ways(String runtime) {
        def mount = ['-v', "$seen:/seen".toString()]
        [run: { options -> command(
            'run', '--rm', *options.tokenize(), '--runtime', runtime, '--network', 'none', *mount, 'box'
        ).join(' ') },
         exec: { options -> command('exec', *options.tokenize(), start(runtime, mount)).join(' ') }]
    }

    private String start(String runtime, List<String> options = [], List<String> command = ['sleep', '1000']) {
        def name = "c${counter++}-$runtime".toString()
        def run = docker('run', '-d', '--name', name, '--runtime', runtime, '--network', 'none', *options, 'box',
            *command)
        assert run.exit == 0: run.err
        name
    }

    private String inspect(String name, String what) {
        docker('inspect', '-f', "{{$what}}", name).out.trim()
    }

    def "run #options #command"() {
        when:
        def told = outcomes { docker('run', '--rm', '--runtime', it, *(
            options.contains('--network') ? [] : ['--network', 'none']
        ), *options, 'box', *command) }

        then:
        told.gantry == told.runc
        told.gantry[0] == exit
        told.gantry[1].contains(out)

        where:
        options                                 | command                                  || exit | out
        []                                      | ['id', '-u']                             || 0    | '0'
        []                                      | ['sh', '-c', 'echo err >&2; echo out; exit 5'] || 5    | 'out'
        []                                      | ['sh', '-c', 'sh -c "kill -9 \\$\\$"; exit $?'] || 137  | ''
        []                                      | ['/nope']                                || 127  | ''
        []                                      | ['/etc']                                 || 126  | ''
        ['-u', '1000:1000', '-w', '/tmp']       | ['sh', '-c', 'id -u; pwd']               || 0    | '1000\n/tmp'
        ['-e', 'A=b', '--hostname', 'harbour']  | ['sh', '-c', 'echo $A; hostname']        || 0    | 'b\nharbour'
        ['--read-only']                         | ['touch', '/x']                          || 1    | ''
        ['--read-only', '--tmpfs', '/tmp']      | ['sh', '-c', 'touch /tmp/x && echo ok']  || 0    | 'ok'
        ['--init']                              | ['sh', '-c', 'cat /proc/1/comm']         || 0    | 'docker-init'
        ['-m', '64m', '--pids-limit', '50']     |
            ['sh', '-c', 'cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/pids/pids.max'] || 0    |
                '67108864\n50'
        ['--cpu-shares', '512', '--cpuset-cpus', '0'] |
            ['sh', '-c', 'cat /sys/fs/cgroup/cpu/cpu.shares /sys/fs/cgroup/cpuset/cpuset.cpus'] || 0    | '512\n0'
        ['--network', 'host']                   | ['sh', '-c', 'ls /sys/class/net | sort'] || 0    | 'lo'
        ['--cap-drop', 'ALL']                   | ['grep', 'CapEff', '/proc/self/status']  || 0    | '0000000000000000'
        ['--security-opt', 'no-new-privileges'] | ['grep', 'NoNewPrivs', '/proc/self/status'] || 0    | '1'
        ['--device', '/dev/null:/dev/mine']     | ['sh', '-c', 'ls /dev/mine']             || 0    | '/dev/mine'
        ['-v', '/etc/hostname:/host:ro']        | ['sh', '-c', 'cat /host >/dev/null && echo ok; echo x > /host'] ||
            1    | 'ok'
    }

    def "the network of another container"() {
        when:
        def told = outcomes { runtime ->
            def first = start(runtime)
            def joined = docker('run', '--rm', '--runtime', runtime, '--network', "container:$first", 'box', 'readlink',
                '/proc/self/ns/net')
            def isShared = joined.out == docker('exec', first, 'readlink', '/proc/self/ns/net').out
            new Outcome(joined.exit, isShared ? 'shared' : joined.out, joined.err)
        }

        then:
        told.gantry == told.runc
        told.gantry[1] == 'shared'
    }

    def "exec #options #command"() {
        given:
        def names = both { start(it) }

        when:
        def told = outcomes { docker('exec', *options, names[it], *command) }

        then:
        told.gantry == told.runc
        told.gantry[0..1] == [exit, out]

        where:
        options                       | command                                  || exit | out
        []                            | ['sh', '-c', 'echo in; exit 4']          || 4    | 'in\n'
        ['-u', '1000', '-e', 'A=b']   | ['sh', '-c', 'id -u; echo $A']           || 0    | '1000\nb\n'
        ['-w', '/tmp']                | ['pwd']                                  || 0    | '/tmp\n'
        []                            | ['nope']                                 || 126  | 'not found'
    }

    def "logs, top, stats and cp of a container that runs"() {
        given:
        def names = both { start(it, ['-m', '64m'], ['sh', '-c', 'echo logged; echo err >&2; sleep 1000']) }
        def file = Files.writeString(dir.resolve('file'), 'copied')

        expect:
        RUNTIMES.keySet().every { runtime ->
            soon.eventually {
                assert docker('logs', names[runtime]).with { [out, err] } == ['logged\n', 'err\n']
            }
            assert docker('top', names[runtime]).out.readLines().size() == 2
            assert docker('stats', '--no-stream', '--format', '{{.MemUsage}} {{.PIDs}}', names[runtime])
                .out.trim() ==~ /.*\/ 64MiB 1/
            assert docker('cp', file.toString(), "${names[runtime]}:/tmp/there").exit == 0
            assert docker('exec', names[runtime], 'cat', '/tmp/there').out == 'copied'
            assert docker('cp', "${names[runtime]}:/tmp/there", "$dir/back-$runtime").exit == 0
            assert Files.readString(dir.resolve("back-$runtime")) == 'copied'
            true
        }
    }

    def "pause, unpause, update, restart, kill and stop"() {
        given:
        def names = both { start(
            it, ['-m', '64m', '--memory-swap', '128m'], ['sh', '-c', 'trap "exit 7" TERM; while :; do sleep 0.1; done']
        ) }

        expect:
        RUNTIMES.keySet().every { runtime ->
            def name = names[runtime]
            assert docker('pause', name).exit == 0
            assert inspect(name, '.State.Status') == 'paused'
            assert docker('exec', name, 'true').exit == 1
            assert docker('unpause', name).exit == 0
            assert docker('update', '-m', '32m', name).exit == 0
            assert docker('exec', name, 'cat', '/sys/fs/cgroup/memory/memory.limit_in_bytes').out.trim() == '33554432'
            def pid = inspect(name, '.State.Pid')
            assert docker('restart', '-t', '5', name).exit == 0
            assert inspect(name, '.State.Status') == 'running'
            assert inspect(name, '.State.Pid') != pid
            assert docker('stop', '-t', '10', name).exit == 0
            assert inspect(name, '.State.ExitCode') == '7'
            assert docker('start', name).exit == 0
            assert docker('kill', '-s', 'KILL', name).exit == 0
            assert docker('wait', name).out.trim() == '137'
            assert docker('rm', name).exit == 0
            true
        }
    }

    def "memory that runs out is reported"() {
        expect:
        RUNTIMES.keySet().every { runtime ->
            def name = start(runtime, ['-m', '16m', '--memory-swap', '16m'], ['sh', '-c', 'tail /dev/zero'])
            assert docker('wait', name).out.trim() == '137'
            assert inspect(name, '.State.OOMKilled') == 'true'
            true
        }
    }

    def "a health check runs by exec until the container is healthy"() {
        given:
        def name = start('gantry', ['--health-cmd', 'test -e /tmp/well', '--health-interval', '500ms'])

        when:
        docker('exec', name, 'touch', '/tmp/well')

        then:
        soon.eventually {
            assert inspect(name, '.State.Health.Status') == 'healthy'
        }
    }

    def "build runs its steps by the default runtime"() {
        given:
        def context = Files.createDirectories(dir.resolve('context'))
        Files.writeString(context.resolve('Dockerfile'), 'FROM box\nRUN echo built > /built\n' +
            'RUN cat /built && id -u\nCMD ["cat", "/built"]\n')

        when:
        def build =
            run('env', 'DOCKER_BUILDKIT=0', *command('build', '--network', 'none', '-t', 'made', context.toString()))

        then:
        build.exit == 0
        build.out.contains('built\n0\n')
        docker('run', '--rm', '--network', 'none', 'made').out == 'built\n'
    }
}
