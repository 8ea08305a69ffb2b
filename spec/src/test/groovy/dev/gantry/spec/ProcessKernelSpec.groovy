package dev.gantry.spec

import dev.gantry.runtime.Internals
import dev.gantry.error.ConfigException
import dev.gantry.io.ContainerProcess
import dev.gantry.oci.CpuAffinity
import dev.gantry.oci.IdMapping
import dev.gantry.oci.IoPriority
import dev.gantry.oci.IoPriorityClass
import dev.gantry.oci.MemoryPolicy
import dev.gantry.oci.MemoryPolicyFlag
import dev.gantry.oci.MemoryPolicyMode
import dev.gantry.oci.NamespaceType
import dev.gantry.oci.OciConfig
import dev.gantry.oci.Personality
import dev.gantry.oci.PersonalityDomain
import dev.gantry.oci.Process
import dev.gantry.oci.Rlimit
import dev.gantry.oci.Scheduler
import dev.gantry.oci.SchedulerFlag
import dev.gantry.oci.SchedulerPolicy
import dev.gantry.oci.User
import dev.gantry.oci.codec.OciWriter
import dev.gantry.runtime.Container
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spock.RequiresKernel
import dev.gantry.value.StepFailure
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Requires

/** What a process gets of processors, disks and memory: the first one, and those that are added. */
@RequiresKernel(programs = ['busybox:busybox-static', 'chrt:util-linux', 'ionice:util-linux', 'taskset:util-linux'])
class ProcessKernelSpec extends ContainerSpecification {
    private static final List<String> SLEEP = ['sleep', '100']

    def "#policy is the policy of the first process and of added ones"() {
        given:
        def scheduler = new Scheduler(policy, nice, null, flags, runtime, deadline, period)

        when:
        def container = start(withProcess(config(SLEEP), [scheduler: scheduler]))
        def added = add(container, container.processFor(SLEEP))

        then:
        [container.state().pid(), added.pid()].every { pid ->
            def told = host('chrt', '-p', "$pid")
            told.contains("scheduling policy: SCHED_${policy.name()}") && parameters.every { told.contains(it) }
                    && Files.readString(Path.of("/proc/$pid/stat")).split(' ')[18].toInteger() == (nice ?: 0)
        }

        cleanup:
        end(added)

        where:
        policy                   | nice | flags | runtime   | deadline   | period     || parameters
        SchedulerPolicy.OTHER    | 7    | []    | null      | null       | null       || []
        SchedulerPolicy.BATCH    | 3    | []    | null      | null       | null       || []
        SchedulerPolicy.IDLE     | null | []    | null      | null       | null       || []
        SchedulerPolicy.DEADLINE | null | [SchedulerFlag.RESET_ON_FORK] | 1_000_000 | 20_000_000 | 30_000_000 ||
            ['1000000/20000000/30000000']
    }

    private OciConfig asUser(long uid, String cwd, List<String> args) {
        withProcess(config(args), [cwd: cwd, user: User.builder().uid(uid).gid(uid).build()])
    }

    def "a working directory is entered if #who may enter it, by the first process and by added ones"() {
        given:
        def dir = Files.createDirectory(bundle.resolve('rootfs/way'))
        Files.setAttribute(dir, 'unix:mode', 040000 | mode)
        Files.setAttribute(dir, 'unix:uid', owner)

        when:
        def first = run(asUser(1000, '/way', ['pwd'])).text()
        def container = start(config(SLEEP))
        def added = container.exec(asUser(1000, '/way', ['pwd']).process()).text()

        then:
        first == '/way\n'
        added == '/way\n'

        cleanup:
        Files.deleteIfExists(dir)

        where:
        who                                  | owner | mode
        'root alone'                         | 0     | 0700
        'the user alone'                     | 1000  | 0700
        'everybody'                          | 0     | 0755
    }

    def "a working directory that neither may enter is an error"() {
        given:
        def dir = Files.createDirectory(bundle.resolve('rootfs/way'))
        Files.setAttribute(dir, 'unix:mode', 040700)
        Files.setAttribute(dir, 'unix:uid', 2000)

        when:
        run(withLinux(withNamespace(asUser(1000, '/way', ['pwd']), NamespaceType.USER), [
            uidMappings: [new IdMapping(0L, 100_000L, 1001L)], gidMappings: [new IdMapping(0L, 100_000L, 1001L)]]))

        then:
        def e = thrown(StepFailure)
        e.message.contains('change directory to `/way`: chdir: permission denied (EACCES) [process.cwd]')

        cleanup:
        Files.deleteIfExists(dir)
    }

    def "the I/O priority is #told"() {
        when:
        def container = start(withProcess(config(SLEEP), [ioPriority: new IoPriority(ioClass, priority)]))
        def added = add(container, container.processFor(SLEEP))

        then:
        host('ionice', '-p', "${container.state().pid()}") == told
        host('ionice', '-p', "${added.pid()}") == told

        cleanup:
        end(added)

        where:
        ioClass              | priority || told
        IoPriorityClass.BE   | 6        || 'best-effort: prio 6'
        IoPriorityClass.RT   | 0        || 'realtime: prio 0'
        IoPriorityClass.IDLE | null     || 'idle'
    }

    def "an environment that outgrows a small stack is refused by the kernel, in words"() {
        given:
        def limit = new Rlimit('RLIMIT_STACK', 65_536, 65_536)
        def environment = (1..40_000).collect { "A$it=".toString() }

        when:
        run(withProcess(config(), [rlimits: [limit], env: environment + 'PATH=/bin']))

        then:
        def e = thrown(StepFailure)
        e.message.contains('argument list too long (E2BIG)')
    }

    def "LINUX32 looks like a smaller machine, to added processes too"() {
        given:
        def container = start(withLinux(config(SLEEP), [personality: new Personality(PersonalityDomain.LINUX32, [])]))
        def plain = host('uname', '-m')

        expect:
        container.exec('uname', '-m').text().trim() == [x86_64: 'i686', aarch64: 'armv8l'][plain]
        sh('uname -m', withLinux(config(), [personality: new Personality(PersonalityDomain.LINUX32, [])])).text()
            .trim() != plain
        sh('uname -m', withLinux(config(), [personality: new Personality(PersonalityDomain.LINUX, [])])).text()
            .trim() == plain
    }

    @Requires(value = { Runtime.runtime.availableProcessors() > 1 }, reason = 'processes are put on a second CPU')
    def "an added process runs on the CPUs that are asked for: initial #initial, final #last"() {
        given:
        def container = start(config(SLEEP))

        when:
        def process = container.processFor(['grep', 'Cpus_allowed_list', '/proc/self/status']).toBuilder()
                .execCPUAffinity(new CpuAffinity(initial, last)).build()

        then:
        container.exec(process).text().trim() == "Cpus_allowed_list:\t$allowed"

        where:
        initial | last  || allowed
        '0'     | '1'   || '1'
        '0'     | null  || '0'
        null    | '0'   || '0'
        '1'     | '0-1' || '0-1'
        '0-1'   | ''    || '0-1'
        '0,1500-8191' | '1,2000' || '1'
    }

    @Requires(value = { Runtime.runtime.availableProcessors() > 1 }, reason = 'processes are put on a second CPU')
    def "however few CPUs the runtime was given, the container has those of its cgroup"() {
        given:
        Files.writeString(bundle.resolve('config.json'), OciWriter.text(config(['nproc'])))
        def pinned = shared.resolve('pinned')
        Files.writeString(pinned, "#!/bin/sh\nexec taskset 1 $GantryCommand.LAUNCHER \"\$@\"\n")
        pinned.toFile().setExecutable(true)

        expect:
        new GantryCommand(stateRoot, bundle).tap { program = pinned }.run('run', newId()).out.trim().toInteger() > 1

        cleanup:
        Files.delete(bundle.resolve('config.json'))
    }

    def "the memory policy is #told"() {
        given:
        def config = withLinux(config(SLEEP), [memoryPolicy: new MemoryPolicy(mode, nodes, flags)])

        when:
        def container = start(config)

        then:
        container.exec('head', '-n', '1', '/proc/self/numa_maps').text().split(' ')[1] == told
        sh('exec head -n 1 /proc/self/numa_maps', config).text().split(' ')[1] == told

        where:
        mode                        | nodes | flags                          || told
        MemoryPolicyMode.BIND       | '0'   | []                             || 'bind:0'
        MemoryPolicyMode.BIND       | '0'   | [MemoryPolicyFlag.STATIC_NODES] || 'bind=static:0'
        MemoryPolicyMode.INTERLEAVE | '0'   | []                             || 'interleave:0'
        MemoryPolicyMode.LOCAL      | null  | []                             || 'local'
        MemoryPolicyMode.LOCAL      | ''    | []                             || 'local'
        MemoryPolicyMode.PREFERRED  | ''    | []                             || 'local'
        MemoryPolicyMode.DEFAULT    | ''    | []                             || 'default'
        MemoryPolicyMode.DEFAULT    | null  | []                             || 'default'
    }

    def "what the kernel refuses is told with its origin: #origin"() {
        when:
        start(change(config()))

        then:
        def e = thrown(StepFailure)
        e.message.contains(refused)
        e.message.endsWith("[$origin]")

        where:
        origin               | refused                           | change
        'process.scheduler'  | 'sched_setattr: invalid argument' |
            { OciConfig c ->
                withProcess(c, [scheduler: new Scheduler(SchedulerPolicy.DEADLINE, null, null, [], 5L, 2L, 1L)])
            }
        'linux.memoryPolicy' | 'set_mempolicy: invalid argument' |
            { OciConfig c -> withLinux(c, [memoryPolicy: new MemoryPolicy(MemoryPolicyMode.BIND, '900', [])]) }
        'linux.memoryPolicy' | 'set_mempolicy: invalid argument' |
            { OciConfig c -> withLinux(c, [memoryPolicy: new MemoryPolicy(MemoryPolicyMode.BIND, '', [])]) }
        'linux.memoryPolicy' | 'set_mempolicy: invalid argument' |
            { OciConfig c -> withLinux(c, [memoryPolicy: new MemoryPolicy(MemoryPolicyMode.BIND, '0,1500', [])]) }
    }

    def "the score by which the kernel picks what to end is set, for added processes too"() {
        given:
        def container = start(withProcess(config(SLEEP), [oomScoreAdj: 321]))

        expect:
        Files.readString(Path.of("/proc/${container.state().pid()}/oom_score_adj")).trim() == '321'
        container.exec('cat', '/proc/self/oom_score_adj').text().trim() == '321'
    }

    def "the process has a session keyring of its own"() {
        given:
        def seen = withLinux(config(), [maskedPaths: []])

        expect:
        sh('cat /proc/keys', seen).text() =~ /keyring\s+_ses\.spec-/
    }

    @Requires(value = { !new File('/sys/fs/selinux/enforce').exists() && !new File('/sys/module/apparmor').exists() },
        reason = 'the error is for hosts without AppArmor and SELinux')
    def "a label without its security module is refused: #name"() {
        when:
        Internals.start(gantry, newId(), definition(withProcess(config(), [(name): 'box'])), stdio())

        then:
        def e = thrown(ConfigException)
        e.line() == "$module is not enabled on this machine [process.$name]"

        where:
        name              | module
        'apparmorProfile' | 'AppArmor'
        'selinuxLabel'    | 'SELinux'
    }

    private ContainerProcess add(Container container, Process process) {
        def stdio = stdio()
        try {
            Internals.spawn(container, process, stdio)
        } finally {
            stdio.close()
        }
    }

    private static void end(ContainerProcess process) {
        process?.with {
            signal(9)
            waitFor()
        }
    }

    private static String host(String... command) {
        def process = command.execute()
        def text = process.text
        assert process.waitFor() == 0
        text.trim()
    }
}
