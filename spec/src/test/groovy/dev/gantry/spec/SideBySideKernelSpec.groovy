package dev.gantry.spec

import static dev.gantry.spec.support.Eventually.eventually

import com.fasterxml.jackson.databind.ObjectMapper
import dev.gantry.spec.support.Busybox
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spec.support.HostCgroups
import dev.gantry.spec.support.Outcome
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir

/**
 * The same invocations of Gantry and of Debian's runc, one after the other: exit status, stdout and the words of
 * errors.
 *
 * <p>An invocation is a line: {@code ID} is the container's; what follows {@code =>} must be in what both of them say
 * (on either stream); a {@code ~} in front leaves out the comparison of stdout, for texts that are each program's own.
 *
 * <p>Not compared, since it is otherwise on purpose: {@code exec ID -- COMMAND} (runc looks for a program `--`), mounts
 * below /proc that later versions of runc refuse too, and /dev/core, which runc links only where /proc/kcore is.
 */
@RequiresKernel(programs = ['runc', 'busybox:busybox-static'])
class SideBySideKernelSpec extends Specification {
    private static final int LEAST = 150
    private static final ObjectMapper JSON = new ObjectMapper()

    @Shared @TempDir Path dir
    @Shared int invocations
    @Shared int counter

    /** One of the two, with a state root and a bundle of its own. */
    static class Runtime {
        String program
        Path bundle
        Path root

        Outcome run(List<String> args) {
            new Command(program, '--root', root, args).at(bundle).run()
        }
    }

    private Runtime runtime(String name, String program) {
        def home = dir.resolve(name)
        if (!Files.exists(home)) {
            Busybox.rootfs(Files.createDirectories(home.resolve('bundle')).resolve('rootfs'))
        }
        new Runtime(program: program, bundle: home.resolve('bundle'), root: home.resolve('state'))
    }

    def cleanupSpec() {
        assert invocations >= LEAST
        println "side by side: $invocations invocations"
        ['side-gantry', 'side-runc', 'side-by-side'].each { HostCgroups.remove(it) }
    }

    def "#name"() {
        given:
        def both = [runtime('gantry', GantryCommand.LAUNCHER.toString()), runtime('runc', 'runc')]
        def id = "side-${ProcessHandle.current().pid()}-${counter++}".toString()
        both.each { configure(it, edit) }

        expect:
        lines.readLines()*.trim().findAll().collectMany { compare(both, it, id) }.join('\n') == ''

        cleanup:
        both.each { runtime -> runtime.run(['delete', '-f', id]) }

        where:
        [name, edit, lines] << scenarios()
    }

    /** Returns what is different. */
    private List<String> compare(List<Runtime> both, String line, String id) {
        def own = line.startsWith('~')
        def parts = line.replaceFirst(/^~/, '').split(/\s*=>\s*/, 2)
        def args = split(parts[0]).collect { it.replace('ID', id) }
        if (args[0] == 'await') {
            both.each { runtime -> eventually { runtime.run(['state', id]).out.contains("\"${args[1]}\"") } }
            return []
        }
        def gantry = both[0].run(args)
        def runc = both[1].run(args)
        invocations++
        def differences = []
        if (gantry.exit != runc.exit) {
            differences << 'exit'
        }
        if (!own && plain(gantry.out, both[0], id) != plain(runc.out, both[1], id)) {
            differences << 'stdout'
        }
        (parts.size() > 1 ? parts[1].split(/ && /) : []).each { word ->
            if (!(gantry.out + gantry.err).contains(word) || !(runc.out + runc.err).contains(word)) {
                differences << "`$word`"
            }
        }
        if (gantry.exit == 0 && !(args[0] in ['run', 'exec']) && gantry.err != '') {
            differences << 'stderr'
        }
        differences.empty ? [] : ["### $line: $differences\n--- gantry: $gantry\n--- runc: $runc".toString()]
    }

    /** Without what cannot be the same: pids, times, places. */
    private static String plain(String out, Runtime runtime, String id) {
        out.replace(runtime.bundle.toString(), 'BUNDLE').replace(runtime.root.toString(), 'ROOT').replace(id, 'ID')
                .replaceAll(/"pid": \d+/, '"pid": N').replaceAll(/"pid":\d+/, '"pid":N')
                .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/, 'TIME')
                .replaceAll(/"ociVersion": "[^"]*"/, '"ociVersion": V')
                .replaceAll(/"ociVersion":"[^"]*"/, '"ociVersion":V')
                .replaceAll(/"owner": "(root)?"/, '"owner": O').replaceAll(/"owner":"(root)?"/, '"owner":O')
                .replaceAll(/\[\d+(,\d+)*\]/, '[PIDS]')
                .replaceAll(/(?m)^(ID +)\d+( +)/, '$1N$2').replaceAll(/ +/, ' ').replaceAll(/ \n/, '\n').trim()
    }

    private static List<String> split(String line) {
        (line =~ /'([^']*)'|(\S+)/).collect { it[1] != null ? it[1] : it[2] }
    }

    private static void configure(Runtime runtime, Closure edit) {
        def file = runtime.bundle.resolve('config.json')
        Files.deleteIfExists(file)
        new Command('runc', 'spec').at(runtime.bundle).ok()
        def config = JSON.readValue(file.toFile(), Map)
        config.process.terminal = false
        config.process.args = ['sleep', '100']
        config.root.readonly = false
        config.process.capabilities.ambient = []
        config.linux.cgroupsPath = "/side-${runtime.bundle.parent.fileName}/${runtime.root.hashCode()}".toString()
        edit(config)
        JSON.writeValue(file.toFile(), config)
        JSON.writeValue(runtime.bundle.resolve('process.json').toFile(), [args: ['sh', '-c', 'echo $A; pwd; id -u'],
            cwd: '/tmp', env: ['A=b', 'PATH=/bin'], user: [uid: 1000, gid: 1000]])
        JSON.writeValue(runtime.bundle.resolve('limits.json').toFile(), [pids: [limit: 33], memory: [limit: 100 << 20]])
    }

    private static List<List> scenarios() {
        def same = { }
        def running = { it.process.args = ['sleep', '100'] }
        def program = { String... args -> { config -> config.process.args = args.toList() } }
        def shell = {
            String script, Closure more = { } -> { config -> config.process.args = ['sh', '-c', script]; more(config) }
        }
        [
            ['the life of a container', running, '''
                create ID
                state ID
                list -q
                list
                list --format json
                ps -f json ID
                exec ID true
                start ID
                state ID
                start ID => cannot start an already running container
                create ID => container with given ID already exists
                kill ID 0
                kill ID CONT
                kill ID SIGCONT
                kill ID 18
                kill ID BOGUS => unknown signal
                kill ID 99999
                delete ID => cannot delete container && that is not stopped: running
                kill ID KILL
                await stopped
                state ID
                kill ID KILL => container not running
                exec ID true => cannot exec in a stopped container
                start ID => cannot start a container that has stopped
                pause ID
                ~ps ID
                delete ID
                state ID => does not exist
                delete ID => does not exist
                delete -f ID
                delete --force ID
                list -q
                '''],
            ['processes that are added', running, '''
                run -d ID
                exec ID true
                exec ID false
                exec ID sh -c 'exit 42'
                exec ID echo hello
                exec ID id
                exec ID pwd
                exec ID env
                exec --user 1000:1000 ID id
                exec --user 1000 ID id -u
                exec -u 12:34 ID id -g
                exec --user 1000:1000 ID sh -c 'echo $HOME'
                exec --user 4711 ID sh -c 'echo $HOME'
                exec --cwd /tmp ID pwd
                exec --env A=b ID sh -c 'echo $A'
                exec -e A=b -e C=d ID sh -c 'echo $A$C'
                exec --additional-gids 100 --additional-gids 65534 --user 1000:1000 ID id -G
                exec --cap CAP_SYS_PTRACE ID grep CapPrm /proc/self/status
                exec -c CAP_SYS_PTRACE -c CAP_SYS_ADMIN ID grep CapBnd /proc/self/status
                exec --no-new-privs ID grep NoNewPrivs /proc/self/status
                exec ID grep Cap /proc/self/status
                exec ID sh -c 'ulimit -n'
                exec ID sh -c 'kill -9 $$'
                exec ID sh -c 'kill -TERM $$'
                exec ID nowhere => executable file not found in $PATH
                exec ID /no/where => no such file or directory
                exec ID /etc/passwd => permission denied
                exec --cwd relative ID true
                exec --user nobody ID true
                exec --process process.json ID
                exec -p process.json ID
                exec --process nowhere.json ID => no such file or directory
                exec ID
                exec none true => does not exist
                ~exec --bogus ID true
                ps -f json ID
                exec ID sh -c 'echo err >&2; exit 3' => err
                exec -t ID true
                '''],
            ['paused and resumed', running, '''
                run -d ID
                pause ID
                state ID
                list --format json
                exec ID true => cannot exec in a paused container
                update --pids-limit 40 ID
                state ID
                resume ID
                state ID
                resume ID => container not paused
                exec ID cat /proc/1/comm
                pause none => does not exist
                resume none => does not exist
                pause ID
                delete -f ID
                state ID => does not exist
                '''],
            ['limits that are changed', running, '''
                run -d ID
                update --pids-limit 20 ID
                update ID --memory 50M
                update --memory 60M --memory-swap 80M ID
                ~update --cpu-shares 256 ID
                update --cpu-share 512 ID
                update --cpu-period 100000 --cpu-quota 50000 ID
                update --cpu-quota 60000 ID
                update --cpu-period 10 ID
                update --cpuset-cpus 0 ID
                update --cpuset-cpus 4000 ID
                update -r limits.json ID
                update --resources nowhere.json ID => no such file or directory
                update --memory lots ID
                update --pids-limit -1 ID
                update none => does not exist
                ~events --stats ID => {"type":"stats","id":"
                events --stats none => does not exist
                exec ID true
                '''],
            ['run with an exit status', program('sh', '-c', 'echo out; echo err >&2; exit 7'), '''
                run ID => err
                run --keep ID
                state ID
                run ID => already exists
                delete ID
                ~run -d ID
                await stopped
                state ID
                delete ID
                '''],
            ['a program that is not there', program('nowhere'),
                'run ID => unable to start container process && executable file not found in $PATH\n' +
                'create ID => executable file not found in $PATH\nstate ID => does not exist'],
            ['a path that is not there', program('/no/where'),
                'run ID => unable to start container process && no such file or directory\nlist -q'],
            ['a program that is none', program('/etc/passwd'), 'run ID => permission denied\nlist -q'],
            ['a status of 0', program('true'), 'run ID\nrun --bundle . ID\nrun -b . ID'],
            ['ended by a signal', program('sh', '-c', 'sh -c "kill -9 \\$\\$"'), 'run ID'],
            ['pid file, bundle and id', running, '''
                create --pid-file pid ID
                delete -f ID
                run -d --pid-file /no/such/dir/pid ID
                state ID => does not exist
                ~run
                ~create
                ~state
                ~start
                ~kill
                ~delete
                ~exec
                ~pause
                ~resume
                ~update
                run ../x
                run 'a b'
                run a/b
                state ../x
                create --bundle /no/such ID => no such file or directory
                run --bundle /etc ID => config.json
                ~run ID extra
                ~state ID extra
                ~list extra
                ~create --bogus ID
                ~run --pid-file
                frobnicate ID
                '''],
            ['a terminal that nobody takes', { it.process.terminal = true }, 'create ID => cannot allocate tty if\n' +
                'run -d ID => cannot allocate tty if\nstate ID => does not exist'],
            ['a socket without a terminal', running, 'create --console-socket sock ID => cannot use console socket\n' +
                'run --console-socket sock ID => cannot use console socket'],
            ['user and groups', shell('id; id -G; umask',
                { it.process.user = [uid: 1000, gid: 1000, additionalGids: [5, 10], umask: 63] }), 'run ID'],
            ['environment', shell('echo $A; echo $HOME; env | sort', { it.process.env += ['A=b', 'A=c'] }),
                '~run ID => c'],
            ['capabilities', shell('grep Cap /proc/self/status', {
                it.process.capabilities = [bounding: ['CAP_KILL', 'CAP_CHOWN'], effective: ['CAP_KILL'],
                    permitted: ['CAP_KILL', 'CAP_CHOWN'], inheritable: [], ambient: []]
            }), 'run ID'],
            ['no capabilities', shell('grep Cap /proc/self/status', { it.process.remove('capabilities') }), 'run ID'],
            ['ambient capabilities', shell('grep CapAmb /proc/self/status', {
                it.process.user = [uid: 1000, gid: 1000]
                it.process.capabilities.each { k, v -> it.process.capabilities[k] = ['CAP_CHOWN'] }
            }), 'run ID'],
            ['limits of the process', shell('ulimit -n; ulimit -c', { it.process.rlimits = [
                [type: 'RLIMIT_NOFILE', soft: 100, hard: 200], [type: 'RLIMIT_CORE', soft: 0, hard: 0]
            ] }), 'run ID'],
            ['a rlimit that is none', shell('true',
                { it.process.rlimits = [[type: 'RLIMIT_BOGUS', soft: 1, hard: 1]] }), 'run ID'],
            ['hostname', shell('hostname', { it.hostname = 'inside' }), 'run ID'],
            ['a hostname without a namespace', shell('hostname', { it.linux.namespaces.removeIf { it.type == 'uts' } }),
                'run ID'],
            ['the working directory', shell('pwd', { it.process.cwd = '/tmp' }), 'run ID'],
            ['a working directory that is made', shell('pwd', { it.process.cwd = '/made/here' }), 'run ID'],
            ['a working directory that is relative', shell('pwd', { it.process.cwd = 'tmp' }),
                'run ID => Cwd must be an absolute path'],
            ['no arguments', { it.process.args = [] }, 'run ID => args must not be empty'],
            ['no_new_privs', shell('grep NoNewPrivs /proc/self/status', { it.process.noNewPrivileges = false }),
                'run ID'],
            ['oom score', shell('cat /proc/self/oom_score_adj', { it.process.oomScoreAdj = 300 }), 'run ID'],
            ['a read-only root', shell('touch /x', { it.root.readonly = true }), 'run ID => Read-only file system'],
            ['a tmpfs', shell('grep " /t " /proc/mounts', { it.mounts << [
                destination: '/t', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'size=1m', 'mode=700']
            ] }), 'run ID'],
            ['a bind mount', shell('ls /b; touch /b/x', {
                it.mounts << [destination: '/b', type: 'bind', source: 'rootfs/etc', options: ['bind', 'ro']]
            }), 'run ID => Read-only file system'],
            ['a bind mount of nothing', shell('true', {
                it.mounts << [destination: '/b', type: 'bind', source: '/no/such', options: ['bind']]
            }), 'run ID => no such file or directory'],
            ['a file system that is none', shell('true',
                { it.mounts << [destination: '/b', type: 'bogus', source: 'x'] }), 'run ID => no such device'],
            ['masked and read-only paths', shell('echo x > /proc/sys/kernel/hostname', { }),
                'run ID => Read-only file system'],
            ['mounts', shell('cut -d " " -f 2,3 /proc/mounts | grep -v cgroup', { }), '~run ID => /dev/mqueue'],
            ['devices', shell('ls /dev | grep -v core; stat -c "%a %t:%T" /dev/null /dev/tty', { }), 'run ID'],
            ['a device of its own', shell('stat -c "%a %t:%T %u:%g" /dev/mine', {
                it.linux.devices = [[path: '/dev/mine', type: 'c', major: 1, minor: 5, fileMode: 0640, uid: 1, gid: 2]]
            }), 'run ID'],
            ['a sysctl', shell('cat /proc/sys/net/ipv4/ip_forward', { it.linux.sysctl = ['net.ipv4.ip_forward': '1'] }),
                'run ID'],
            ["a sysctl of the host's", shell('true', { it.linux.sysctl = ['vm.swappiness': '1'] }),
                'run ID => vm.swappiness'],
            ['a namespace that is none', shell('true', { it.linux.namespaces << [type: 'bogus'] }), 'run ID => bogus'],
            ['a user namespace', shell('cat /proc/self/uid_map | wc -l; id -u', {
                it.linux.namespaces << [type: 'user']
                it.linux.uidMappings = [[containerID: 0, hostID: 0, size: 1000]]
                it.linux.gidMappings = [[containerID: 0, hostID: 0, size: 1000]]
            }), 'run ID'],
            ['seccomp', shell('mkdir /tmp/refused', {
                it.linux.seccomp = [defaultAction: 'SCMP_ACT_ALLOW', architectures: ['SCMP_ARCH_X86_64'],
                    syscalls: [[names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', errnoRet: 1]]]
            }), 'run ID => Operation not permitted'],
            ['seccomp that kills', shell('mkdir /tmp/refused; echo $?', {
                it.linux.seccomp = [defaultAction: 'SCMP_ACT_ALLOW', architectures: ['SCMP_ARCH_X86_64'],
                    syscalls: [[names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_KILL_PROCESS']]]
            }), '~run ID => 159'],
            ['a limit of processes', shell('cat /proc/self/cgroup | grep -c side',
                { it.linux.resources = [pids: [limit: 20]] }), '~run ID'],
            ['a cgroup path', shell('grep -c :/side-by-side/x /proc/self/cgroup',
                { it.linux.cgroupsPath = '/side-by-side/x' }), '~run ID'],
            ['hooks', shell('true', { c -> c.hooks = [
                poststop: [[path: '/bin/true']], createRuntime: [[path: '/bin/sh', args: ['sh', '-c', 'exit 3']]]
            ] }), 'run ID => error running && hook #0\nstate ID => does not exist'],
            ['a poststart hook that fails', { c -> c.hooks = [poststart: [[path: '/bin/false']]] },
                'run -d ID => hook #0'],
            ['annotations', { it.annotations = ['a.b': 'c', 'd/e': 'f'] }, 'create ID\nstate ID\nlist --format json\n' +
                'delete -f ID'],
            ['no root', { it.remove('root') }, 'run ID'],
            ['a root that is not there', { it.root.path = 'nowhere' }, 'run ID => nowhere'],
            ['help', same, ['create', 'delete', 'events', 'exec', 'kill', 'list', 'pause', 'ps', 'resume', 'run',
            'spec', 'start', 'state', 'update', 'features', 'checkpoint', 'restore']
                    .collect { "~$it --help => NAME: && $it" }.join('\n') + '\n~--help => NAME:\n~-h => COMMANDS:\n' +
                        '~--version => spec: \n~-v => version\n~bogus --help => No help topic for'],
            ['global options', same, 'list -q\n--debug=false list -q\n-debug=false list -q\n--log-format json list ' +
                '-q\n--rootless=auto list -q\n--rootless false list -q\n--log-format bogus list\n~--bogus list'],
        ]
    }
}
