package dev.gantry.spec

import dev.gantry.spec.support.EngineStreamsSpecification
import dev.gantry.spec.support.HostCgroups
import dev.gantry.spec.support.Outcome
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import spock.lang.Shared

/** Podman with Gantry as its runtime, by conmon. */
@RequiresKernel(programs = ['podman', 'runc', 'script:bsdutils', 'busybox:busybox-static'])
class PodmanKernelSpec extends EngineStreamsSpecification {
    /** CAP_SYS_RESOURCE may be missing, without which podman's own limits are refused under every runtime. */
    private static final List<String> LIMITS =
        ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1000:1000', '--network', 'none']

    @Shared private int counter

    def cleanup() {
        podman('rm', '-a', '-f', '-t', '0')
        podman('pod', 'rm', '-a', '-f', '-t', '0')
    }

    def cleanupSpec() {
        run('umount', '-l', dir.resolve('root/overlay').toString())
        HostCgroups.remove('libpod_parent')
    }

    private Outcome podman(String... args) {
        run(command('gantry', args))
    }

    private String[] command(String runtime, String... args) {
        ['podman', '--runtime', RUNTIMES[runtime], '--root', "$dir/root", '--runroot', "$dir/run", '--tmpdir',
         "$dir/tmp", '--cgroup-manager', 'cgroupfs', '--events-backend', 'file', *args]*.toString() as String[]
    }

    @Override
    protected Map<String, Closure<String>> ways(String runtime) {
        [run: { options -> command(
            runtime, 'run', '--rm', *options.tokenize(), *LIMITS, '-v', "$seen:/seen", '--rootfs', rootfs.toString()
        ).join(' ') },
         exec: { options -> command(runtime, 'exec', *options.tokenize(), idle(runtime)).join(' ') }]
    }

    private String idle(String runtime) {
        def idle = run(command(runtime, 'run', '-d', *LIMITS, '-v', "$seen:/seen", '--rootfs', rootfs.toString(),
            'sleep', '1000'))
        assert idle.exit == 0, idle.toString()
        idle.out.trim()
    }

    private Outcome once(List<String> options, String... command) {
        podman('run', '--rm', *LIMITS, *options, '--rootfs', rootfs.toString(), *command)
    }

    private String detached(List<String> options, String... command) {
        def name = "c${counter++}".toString()
        def run = podman('run', '-d', '--name', name, *LIMITS, *options, '--rootfs', rootfs.toString(), *command)
        assert run.exit == 0, run.toString()
        name
    }

    def "run #options prints #expected"() {
        when:
        def run = once(options, *command)

        then:
        run.exit == 0
        run.out.trim().replaceAll(/\s+/, ' ') == expected

        where:
        options                 | command                                          || expected
        []                      | ['true']                                         || ''
        ['-t']                  | ['tty']                                          || '/dev/pts/0'
        ['--memory', '64m']     | ['sh', '-c', 'grep -c libpod /proc/self/cgroup'] || '10'
        ['--user', '1000:1000'] | ['id']                                           ||
            'uid=1000(user) gid=1000 groups=1000'
        ['--user', '1234']      | ['sh', '-c', 'id -u; echo $HOME']                || '1234 /'
        ['--cap-drop', 'all']   | ['grep', 'CapEff', '/proc/self/status']          || 'CapEff: 0000000000000000'
        ['--cap-drop', 'all', '--cap-add', 'kill']| ['grep', 'CapEff', '/proc/self/status'] ||
            'CapEff: 0000000000000020'
        []                                    | ['ls', '/sys/class/net']                         || 'lo'
        ['--hostname', 'inside']              | ['hostname']                                     || 'inside'
        ['--env', 'A=b', '--workdir', '/tmp'] | ['sh', '-c', 'echo $A; pwd']                     || 'b /tmp'
        ['--pid', 'host']                     | ['true']                                         || ''
        ['--tmpfs', '/t:size=1m']             | ['sh', '-c', 'grep -c "tmpfs /t " /proc/mounts'] || '1'
    }

    def "an image gets nothing of the machine by an annotation: #annotation"() {
        given:
        def file = Files.writeString(dir.resolve('Dockerfile'), 'FROM scratch\nCOPY . /\n')
        def built = podman('build', '--annotation', annotation, '-f', file.toString(), '-t', 'evil', rootfs.toString())
        assert built.exit == 0, built.toString()

        when:
        def run = podman('run', '--rm', *LIMITS, 'evil', 'ls', '/')

        then:
        run.exit != 0
        run.out == ''
        run.err.contains("the annotation `${annotation.tokenize('=')[0]}` may have come from an image")

        cleanup:
        podman('rmi', '-a', '-f')

        where:
        annotation << ['dev.gantry.rootfs=host', 'dev.gantry.init=idle']
    }

    def "limits reach the container's cgroup"() {
        given:
        def name = detached(['--memory', '64m', '--pids-limit', '50', '--cpu-shares', '512'], 'sleep', '100')
        def pid = podman('inspect', '--format', '{{.State.Pid}}', name).out.trim()

        expect:
        limit(pid, 'memory', 'memory.limit_in_bytes') == "${64 << 20}"
        limit(pid, 'pids', 'pids.max') == '50'
        limit(pid, 'cpu', 'cpu.shares') == '512'
        podman('update', '--cpu-shares', '256', name).exit == 0
        limit(pid, 'cpu', 'cpu.shares') == '256'
    }

    def "a status, a refusal and a missing program are told: #command"() {
        when:
        def run = once(options, *command)

        then:
        run.exit == exit
        run.err.contains(message)

        where:
        options         | command                || exit | message
        []              | ['sh', '-c', 'exit 7'] || 7    | ''
        []              | ['/no/such']           ||
            127  | 'gantry create failed: unable to start container process: error during container init: exec: ' +
                '"/no/such": no such file or directory'
        []              | ['nowhere']            || 127  | 'executable file not found in $PATH'
        []              | ['/etc/passwd']        || 126  | 'permission denied'
        ['--read-only'] | ['touch', '/x']        || 1    | 'Read-only file system'
    }

    def "a seccomp profile is on"() {
        given:
        def profile = Files.writeString(dir.resolve('seccomp.json'), '{"defaultAction":"SCMP_ACT_ALLOW",' +
            '"syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_ERRNO","errnoRet":1}]}')

        expect:
        once(['--security-opt', "seccomp=$profile".toString()], 'mkdir', '/tmp/x')
            .err.contains('Operation not permitted')
        // podman's default
        once([], 'grep', '^Seccomp:', '/proc/self/status').out.replaceAll(/\s+/, ' ').trim() == 'Seccomp: 2'
    }

    def "exec, with statuses and a terminal, in a container that runs"() {
        given:
        def name = detached([], 'sleep', '100')

        expect:
        podman('exec', name, 'id').with { it.exit == 0 && it.out.startsWith('uid=0') }
        podman('exec', name, 'sh', '-c', 'exit 9').exit == 9
        podman('exec', '-t', name, 'tty').out.trim() == '/dev/pts/0'
        podman('exec', '--user', '1000', '-e', 'A=b', '-w', '/tmp', name, 'sh', '-c', 'id -u; echo $A; pwd').out ==
            '1000\nb\n/tmp\n'
        podman('exec', name, 'nowhere').with { it.exit == 127 && it.err.contains('executable file not found') }
        10.times { assert podman('exec', name, 'true').exit == 0 }
    }

    def "pause, unpause, kill, stop, ps, stats, top, logs and rm"() {
        given:
        def name = detached([], 'sh', '-c', 'trap "echo got it; exit 3" TERM; echo begun; while :; do sleep 0.1; done')
        def status = { podman('inspect', '--format', '{{.State.Status}}', name).out.trim() }

        expect:
        podman('ps', '--format', '{{.Names}} {{.Status}}').out.startsWith("$name Up")
        podman('pause', name).exit == 0
        status() == 'paused'
        podman('unpause', name).exit == 0
        status() == 'running'
        podman('stats', '--no-stream', '--format', '{{.Name}} {{.PIDs}}', name).out =~ /^$name [12]/
        podman('top', name).out.contains('sh -c')
        podman('stop', '-t', '20', name).exit == 0
        status() == 'exited'
        podman('inspect', '--format', '{{.State.ExitCode}}', name).out.trim() == '3'
        podman('logs', name).out == 'begun\ngot it\n'
        podman('start', name).exit == 0
        podman('kill', name).exit == 0
        podman('wait', name).out.trim() == '137'
        podman('rm', '-f', name).exit == 0
        podman('ps', '-a', '-q').out == ''
    }

    def "two containers in a pod"() {
        given:
        assert podman('pod', 'create', '--name', 'pod', '--infra=false').exit == 0
        def first = detached(['--pod', 'pod'], 'sleep', '100')
        def second = detached(['--pod', 'pod'], 'sleep', '100')

        expect:
        podman('pod', 'ps', '--format', '{{.Name}} {{.Status}} {{.NumberOfContainers}}').out.trim() == 'pod Running 2'
        podman('exec', first, 'true').exit == 0
        podman('exec', second, 'true').exit == 0
        podman('pod', 'stop', '-t', '0', 'pod').exit == 0
        podman('pod', 'rm', '-f', 'pod').exit == 0
    }

    private static String limit(String pid, String controller, String file) {
        def line = new File("/proc/$pid/cgroup").readLines().find { it =~ /^\d+:$controller:/ }
        new File("/sys/fs/cgroup/$controller/${line.substring(line.lastIndexOf(':') + 1)}/$file").text.trim()
    }
}
