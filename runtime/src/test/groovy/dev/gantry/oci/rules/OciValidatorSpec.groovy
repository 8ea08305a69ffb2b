package dev.gantry.oci.rules

import dev.gantry.error.Problem
import dev.gantry.oci.Configs
import dev.gantry.oci.OciConfig
import dev.gantry.oci.Process
import dev.gantry.oci.Resource
import dev.gantry.oci.codec.OciReader
import spock.lang.Specification

/** What is wrong in a config that could be read: the whole text of each error and warning. */
class OciValidatorSpec extends Specification {
    def "the maximal config contradicts itself in just these points"() {
        expect:
        lines(OciReader.parse(Resource.bytes('maximal.json'), 'maximal.json')) == [
                '`priority` is only for `SCHED_FIFO` and `SCHED_RR` [process.scheduler.priority]',
                "process scheduler can't be used together with AllowedCPUs [process.scheduler]",
        ]
    }

    def "refused at the top: #change"() {
        expect:
        lines(spec(change)) == [line]

        where:
        change                                 || line
        [ociVersion: null]                     || '`ociVersion` is missing [ociVersion]'
        [ociVersion: '2.0.0']                  ||
            'version `2.0.0` of the specification is not supported [ociVersion]; hint: Gantry speaks 1.x, up to 1.3.0'
        [ociVersion: '1']                      ||
            'version `1` of the specification is not supported [ociVersion]; hint: Gantry speaks 1.x, up to 1.3.0'
        [ociVersion: 'v1.0.0']                 ||
            'version `v1.0.0` of the specification is not supported [ociVersion]; hint: Gantry speaks 1.x, up to 1.3.0'
        [root: null]                           || '`root` is missing [root]'
        [root: [readonly: true]]               || '`path` is missing [root.path]'
        [mounts: [[type: 'proc']]]             || '`destination` is missing [mounts[0].destination]'
        [mounts: [[destination: 'proc']]]      ||
            'warning: relative destination `proc` counts from `/` [mounts[0].destination]'
        [mounts: [[destination: '/a', uidMappings: [map(0, 1, 1)]]]] ||
            'an idmapped mount needs both `uidMappings` and `gidMappings` [mounts[0]]'
        [hooks: [poststop: [[args: ['x']]]]]   || '`path` is missing [hooks.poststop[0].path]'
        [hooks: [prestart: [[path: 'bin/x']]]] ||
            '`path` must be an absolute path, not `bin/x` [hooks.prestart[0].path]'
        [hooks: [createRuntime: [[path: '/x', timeout: 0]]]] ||
            '`timeout` must be from 1 to 2147483647, not `0` [hooks.createRuntime[0].timeout]'
        [hooks: [createContainer: [[path: '/x', env: ['A']]]]] ||
            '`env[0]` must have the form NAME=value [hooks.createContainer[0].env[0]]'
        [annotations: ['': 'x']]               || 'an annotation has no name [annotations]'
    }

    def "refused in process: #change"() {
        expect:
        lines(spec(process: [args: ['sh'], cwd: '/'] + change)) == wanted

        where:
        change                                   || wanted
        [args: []]                               || ['args must not be empty [process.args]']
        [cwd: null]                              || ['`cwd` is missing [process.cwd]']
        [cwd: 'src']                             || ['Cwd must be an absolute path [process.cwd]']
        [env: ['A=', 'B', '=c']]                 ||
            ['`env[1]` must have the form NAME=value [process.env[1]]',
                '`env[2]` must have the form NAME=value [process.env[2]]']
        [consoleSize: [height: 65536]]           ||
            ['`height` must be from 0 to 65535, not `65536` [process.consoleSize.height]',
                '`width` is missing [process.consoleSize.width]']
        [capabilities: [bounding: ['CAP_KILL', 'CAP_FLY']]] ||
            ['warning: unknown capability `CAP_FLY` is ignored [process.capabilities]']
        [capabilities: [bounding: ['kill']]]     ||
            ['warning: unknown capability `kill` is ignored [process.capabilities]']
        [capabilities: [ambient: ['CAP_CHOWN']]] ||
            ["warning: can't raise ambient capability CAP_CHOWN: " +
                "it is not both permitted and inheritable [process.capabilities.ambient]"]
        [capabilities: [ambient: ['CAP_CHOWN'], permitted: ['CAP_CHOWN']]] ||
            ["warning: can't raise ambient capability CAP_CHOWN: " +
                "it is not both permitted and inheritable [process.capabilities.ambient]"]
        [capabilities: [ambient: ['CAP_CHOWN'], permitted: ['CAP_CHOWN'], inheritable: ['CAP_CHOWN']]] || []
        [capabilities: [bounding: ['CAP_FLY', 'CAP_A'], effective: ['CAP_FLY'], inheritable: ['CAP_B'],
            permitted: ['CAP_FLY'], ambient: ['CAP_C']]] ||
            ['warning: unknown capabilities `CAP_FLY`, `CAP_A`, `CAP_B`, `CAP_C` are ignored [process.capabilities]']
        [capabilities: [bounding: (0..29).collect { "C$it".toString() }]] ||
            ["warning: unknown capabilities ${(0..9).collect { "`C$it`" }.join(', ')} and 20 more are ignored " +
                "[process.capabilities]"]
        [capabilities: [ambient: ['CAP_CHOWN', 'CAP_KILL'], inheritable: ['CAP_CHOWN']]] ||
            ["warning: can't raise ambient capabilities CAP_CHOWN, CAP_KILL: " +
                "they are not both permitted and inheritable [process.capabilities.ambient]"]
        [capabilities: [ambient: ['CAP_CHOWN', 'CAP_KILL'], bounding: ['CAP_CHOWN', 'CAP_KILL']]] || []
        [capabilities: [ambient: ['CAP_CHOWN', 'CAP_KILL'], bounding: ['CAP_KILL']]] ||
            ["warning: can't raise ambient capability CAP_CHOWN: " +
                "it is not both permitted and inheritable [process.capabilities.ambient]"]
        [capabilities: [ambient: ['CAP_CHOWN', 'CAP_KILL'], bounding: ['CAP_CHOWN', 'CAP_KILL']],
            user: [uid: 1, gid: 0]] ||
            ["warning: can't raise ambient capabilities CAP_CHOWN, CAP_KILL: " +
                "they are not both permitted and inheritable [process.capabilities.ambient]"]
        [rlimits: [[type: 'RLIMIT_TEA', hard: 1, soft: 1]]] ||
            ['unknown resource limit `RLIMIT_TEA` [process.rlimits[0].type]']
        [rlimits: [[hard: 1]]]                   ||
            ['`type` is missing [process.rlimits[0].type]', '`soft` is missing [process.rlimits[0].soft]']
        [rlimits: [limit(1, 2)]]                 || ['soft limit `2` is above the hard limit `1` [process.rlimits[0]]']
        [rlimits: [limit(1, 18446744073709551615)]] ||
            ['soft limit `18446744073709551615` is above the hard limit `1` [process.rlimits[0]]']
        [rlimits: [limit(18446744073709551615, 1)]] || []
        [rlimits: [limit(1, 1), limit(1, 1)]]    || ['`RLIMIT_NOFILE` is listed twice [process.rlimits[1].type]']
        [oomScoreAdj: 1001]                      ||
            ['`oomScoreAdj` must be from -1000 to 1000, not `1001` [process.oomScoreAdj]']
        [scheduler: [nice: 20]]                  ||
            ['`nice` must be from -20 to 19, not `20` [process.scheduler.nice]',
                '`policy` is missing [process.scheduler.policy]']
        [scheduler: [policy: 'SCHED_BATCH', priority: 1]] ||
            ['`priority` is only for `SCHED_FIFO` and `SCHED_RR` [process.scheduler.priority]']
        [scheduler: [policy: 'SCHED_FIFO', runtime: 1, period: 0]] ||
            ['`runtime` is only for `SCHED_DEADLINE` [process.scheduler.runtime]']
        [ioPriority: [priority: 8]]              ||
            ['`class` is missing [process.ioPriority.class]',
                '`priority` must be from 0 to 7, not `8` [process.ioPriority.priority]']
        [execCPUAffinity: [initial: '0-1, 3', final: 'all']] ||
            ['`all` is not a list of numbers [process.execCPUAffinity.final]; hint: such as `0-2,7`']
    }

    def "a deadline scheduler and chosen CPUs exclude each other"() {
        given:
        def process = [args: ['sh'], cwd: '/', scheduler: [policy: policy]]

        expect:
        lines(spec(process: process, linux: [resources: [cpu: [cpus: cpus]]])) == wanted

        where:
        policy           | cpus || wanted
        'SCHED_DEADLINE' | '0'  || ["process scheduler can't be used together with AllowedCPUs [process.scheduler]"]
        'SCHED_DEADLINE' | null || []
        'SCHED_DEADLINE' | ''   || []
        'SCHED_FIFO'     | '0'  || []
    }

    def "refused in linux: #change"() {
        expect:
        lines(spec(linux: change)) == wanted

        where:
        change                                            || wanted
        [namespaces: [[path: '/x']]]                      || ['`type` is missing [linux.namespaces[0].type]']
        [namespaces: [ns('pid'), ns('uts'), ns('pid')]]   || ['namespace `pid` is listed twice [linux.namespaces[2]]']
        [namespaces: [ns('pid', 'ns/pid')]]               ||
            ['`path` must be an absolute path, not `ns/pid` [linux.namespaces[0].path]']
        [netDevices: [eth0: [:]]]                         ||
            ['`netDevices` needs a network namespace [linux.netDevices]; hint: list `network` in linux.namespaces']
        [netDevices: ['a/b': [name: 'x' * 16]], namespaces: [ns('network')]] ||
            ['`a/b` is not a name for a network interface [linux.netDevices[a/b]]',
                '`xxxxxxxxxxxxxxxx` is not a name for a network interface [linux.netDevices[a/b].name]']
        [timeOffsets: [boottime: [secs: 1]]]              ||
            ['`timeOffsets` needs a time namespace [linux.timeOffsets]; hint: list `time` in linux.namespaces']
        [timeOffsets: [monotonic: [secs: 1]], namespaces: [ns('time', '/x')]] ||
            ['`timeOffsets` must be absent: the time namespace that is joined has its own [linux.timeOffsets]']
        [timeOffsets: [monotonic: [nanosecs: 1000000000]], namespaces: [ns('time')]] ||
            ['`nanosecs` must be from 0 to 999999999, not `1000000000` [linux.timeOffsets.monotonic.nanosecs]']
        [timeOffsets: [:]]                                || []
        [devices: [[path: '/dev/x', major: 1, minor: 2]]] || ['`type` is missing [linux.devices[0].type]']
        [devices: [[type: 'c', path: 'x', major: -1]]]    ||
            ['`path` must be an absolute path, not `x` [linux.devices[0].path]', '`minor` is missing ' +
                '[linux.devices[0].minor]', '`major` must be from 0 to 4095, not `-1` [linux.devices[0].major]']
        [devices: [[type: 'b', path: '/x', major: 1, minor: 1048576]]] ||
            ['`minor` must be from 0 to 1048575, not `1048576` [linux.devices[0].minor]']
        [devices: [[type: 'p', path: '/x']]]              || []
        [maskedPaths: ['/a', 'b']]                        ||
            ['`maskedPaths[1]` must be an absolute path, not `b` [linux.maskedPaths[1]]']
        [readonlyPaths: ['']]                             ||
            ['`readonlyPaths[0]` must be an absolute path, not `` [linux.readonlyPaths[0]]']
        [intelRdt: [closID: '../x']]                      || ['`../x` is not a file name [linux.intelRdt.closID]']
        [intelRdt: [memBwSchema: 'L3:0=1']]               ||
            ['`memBwSchema` must be one line that begins with `MB:` [linux.intelRdt.memBwSchema]']
        [memoryPolicy: [nodes: '0']]                      || ['`mode` is missing [linux.memoryPolicy.mode]']
        [personality: [:]]                                || ['`domain` is missing [linux.personality.domain]']
    }

    def "refused in resources: #change"() {
        expect:
        OciValidator.validate(spec(linux: [resources: change]).linux().resources()).all()*.line() == [line]

        where:
        change                           || line
        [unified: ['a/b': '1']]          || '`a/b` is not the name of a cgroup file [linux.resources.unified[a/b]]'
        [unified: ['..': '1']]           || '`..` is not the name of a cgroup file [linux.resources.unified[..]]'
        [unified: ['': '1']]             || '`` is not the name of a cgroup file [linux.resources.unified[]]'
        [memory: [limit: 100, swap: 99]] || '`swap` is `99`, less than `limit`, `100` [linux.resources.memory.swap]'
        [hugepageLimits: [[pageSize: '2M', limit: 1]]] ||
            '`2M` is not a page size [linux.resources.hugepageLimits[0].pageSize]'
        [hugepageLimits: [[pageSize: '2MB']]] || '`limit` is missing [linux.resources.hugepageLimits[0].limit]'
        [network: [priorities: [[name: 'eth0']]]] ||
            '`priority` is missing [linux.resources.network.priorities[0].priority]'
    }

    def "sound memory limits: #memory"() {
        expect:
        OciValidator.validate(spec(linux: [resources: [memory: memory]]).linux().resources()).isEmpty()

        where:
        memory << [
                [limit: 100, swap: 100], [limit: 100, swap: 0], [limit: 100, swap: -1], [limit: -1, swap: 1], [swap: 1],
                [limit: 1]]
    }

    def "refused id mappings: #mappings"() {
        given:
        def config = spec(linux: [namespaces: [ns('user')], uidMappings: mappings])

        expect:
        lines(config) == wanted

        where:
        mappings                              || wanted
        [map(0, 1000, 10), map(10, 2000, 10)] || []
        [map(0, 1000, 10), map(9, 2000, 1)]   ||
            ['container ids overlap those of `uidMappings[0]` [linux.uidMappings[1]]']
        [map(0, 1000, 10), map(20, 1009, 10)] || ['host ids overlap those of `uidMappings[0]` [linux.uidMappings[1]]']
        [map(0, 0, 0)]                        || ['`size` must be 1 or more [linux.uidMappings[0].size]']
        [[containerID: 0, size: 1]]           || ['`hostID` is missing [linux.uidMappings[0].hostID]']
        [map(0, 4294967295, 1)]               || []
        [map(0, 4294967295, 2)]               || ['the range goes beyond id 4294967295 [linux.uidMappings[0]]']
        (0..339).collect { map(it, it, 1) }   || []
        (0..340).collect { map(it, it, 1) }   ||
            ['`uidMappings` has 341 entries, the kernel takes 340 [linux.uidMappings]']
    }

    def "id mappings need a new user namespace"() {
        expect:
        lines(spec(linux: [namespaces: namespaces, gidMappings: [map(0, 0, 1)]])) == wanted

        where:
        namespaces         || wanted
        []                 ||
            ['`gidMappings` needs a user namespace [linux.gidMappings]; hint: list `user` in linux.namespaces']
        [ns('user', '/x')] ||
            ['`gidMappings` must be absent: the user namespace that is joined has its own [linux.gidMappings]']
        [ns('user')]       || []
    }

    def "names of the host need a uts namespace"() {
        expect:
        lines(spec([hostname: 'h', domainname: 'd', linux: linux])) == wanted

        where:
        linux                           || wanted
        [namespaces: [ns('uts')]]       || []
        [namespaces: [ns('uts', '/x')]] || []
        null                            ||
            ['`hostname` needs a uts namespace [hostname]; hint: list `uts` in linux.namespaces',
                '`domainname` needs a uts namespace [domainname]; hint: list `uts` in linux.namespaces']
    }

    def "refused in seccomp: #change"() {
        expect:
        lines(spec(linux: [seccomp: [defaultAction: 'SCMP_ACT_ALLOW', listenerPath: '/run/a'] + change])) == wanted

        where:
        change                                                                             || wanted
        [defaultAction: null]                                                              ||
            ['`defaultAction` is missing [linux.seccomp.defaultAction]']
        [defaultAction: 'SCMP_ACT_NOTIFY']                                                 ||
            ['SCMP_ACT_NOTIFY cannot be used as default action [linux.seccomp.defaultAction]']
        [syscalls: [[names: [], action: 'SCMP_ACT_LOG']]]                                  ||
            ['`names` must not be empty [linux.seccomp.syscalls[0].names]']
        [syscalls: [[names: ['read']]]]                                                    ||
            ['`action` is missing [linux.seccomp.syscalls[0].action]']
        [syscalls: [[names: ['read', 'write'], action: 'SCMP_ACT_NOTIFY']]]                ||
            ['SCMP_ACT_NOTIFY cannot be used for the write syscall [linux.seccomp.syscalls[0]]']
        [syscalls: [[names: ['read'], action: 'SCMP_ACT_NOTIFY']], listenerPath: null]     ||
            ['`listenerPath` is missing: `SCMP_ACT_NOTIFY` asks an agent [linux.seccomp.listenerPath]']
        [syscalls: [[names: ['read'], action: 'SCMP_ACT_NOTIFY']]]                         || []
        [defaultErrnoRet: 1]                                                               ||
            ['`defaultErrnoRet` is not for `SCMP_ACT_ALLOW` [linux.seccomp.defaultErrnoRet]']
        [syscalls: [[names: ['a'], action: 'SCMP_ACT_KILL', errnoRet: 1]]]                 ||
            ['`errnoRet` is not for `SCMP_ACT_KILL` [linux.seccomp.syscalls[0].errnoRet]']
        [syscalls: [[names: ['a'], action: 'SCMP_ACT_ERRNO', errnoRet: 4096]]]             ||
            ['`errnoRet` must be from 0 to 4095, not `4096` [linux.seccomp.syscalls[0].errnoRet]']
        [syscalls: [[names: ['a'], action: 'SCMP_ACT_TRACE', errnoRet: 65535]]]            || []
        [syscalls: [[names: ['a'], action: 'SCMP_ACT_LOG', args: [[index: 6, value: 1]]]]] ||
            ['`index` must be from 0 to 5, not `6` [linux.seccomp.syscalls[0].args[0].index]',
                '`op` is missing [linux.seccomp.syscalls[0].args[0].op]']
        [:]                                                                                || []
    }

    def "refused in vm: #vm"() {
        expect:
        lines(spec(vm: vm)) == [line]

        where:
        vm                                          || line
        [:]                                         || '`kernel` is missing [vm.kernel]'
        [kernel: [path: 'vmlinuz']]                 || '`path` must be an absolute path, not `vmlinuz` [vm.kernel.path]'
        [kernel: [path: '/k', initrd: 'i']]         || '`initrd` must be an absolute path, not `i` [vm.kernel.initrd]'
        [kernel: [path: '/k'], hypervisor: [:]]     || '`path` is missing [vm.hypervisor.path]'
        [kernel: [path: '/k'], image: [path: '/i']] || '`format` is missing [vm.image.format]'
        [kernel: [path: '/k'], hwConfig: [iomems: [[firstMFN: 1]]]] ||
            '`nrMFNs` is missing [vm.hwConfig.iomems[0].nrMFNs]'
    }

    def "what is shown of a value cannot act on a terminal"() {
        expect:
        lines(spec(linux: [maskedPaths: ['\u001b[2J']])) ==
            ['`maskedPaths[0]` must be an absolute path, not `\\u001b[2J` [linux.maskedPaths[0]]']
    }

    def "a process is judged on its own"() {
        expect:
        OciValidator.validate(Process.builder().build()).errors()*.ociPath() == ['process.args', 'process.cwd']
    }

    def "a process may be absent, and versions of 1.x may have a suffix"() {
        expect:
        lines(spec(process: null, ociVersion: '1.0.2-dev')) == []
    }

    private static OciConfig spec(Map change) {
        Configs.of([ociVersion: '1.3.0', root: [path: 'rootfs']] + change)
    }

    private static List<String> lines(OciConfig config) {
        OciValidator.validate(config).all().collect {
            (it.severity() == Problem.Severity.WARNING ? 'warning: ' : '') + it.line() +
                (it.hint() ? "; hint: ${it.hint()}" : '')
        }
    }

    private static Map map(long container, long host, long size) {
        [containerID: container, hostID: host, size: size]
    }

    private static Map ns(String type, String path = null) {
        [type: type, path: path]
    }

    private static Map limit(Number hard, Number soft) {
        [type: 'RLIMIT_NOFILE', hard: hard, soft: soft]
    }
}
