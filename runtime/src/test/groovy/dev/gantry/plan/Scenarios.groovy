package dev.gantry.plan

import static dev.gantry.oci.NamespaceType.CGROUP
import static dev.gantry.oci.NamespaceType.TIME
import static dev.gantry.oci.NamespaceType.USER

import dev.gantry.plan.compile.PlanCompiler
import dev.gantry.error.SourceMap
import dev.gantry.oci.ConsoleSize
import dev.gantry.oci.CpuAffinity
import dev.gantry.oci.Device
import dev.gantry.oci.DeviceType
import dev.gantry.oci.Hook
import dev.gantry.oci.HookPoint
import dev.gantry.oci.Hooks
import dev.gantry.oci.IdMapping
import dev.gantry.oci.IoPriority
import dev.gantry.oci.IoPriorityClass
import dev.gantry.oci.Linux
import dev.gantry.oci.MemoryPolicy
import dev.gantry.oci.MemoryPolicyFlag
import dev.gantry.oci.MemoryPolicyMode
import dev.gantry.oci.Mount
import dev.gantry.oci.Namespace
import dev.gantry.oci.NamespaceType
import dev.gantry.oci.OciConfig
import dev.gantry.oci.OciDefaults
import dev.gantry.oci.Personality
import dev.gantry.oci.PersonalityDomain
import dev.gantry.oci.Process
import dev.gantry.oci.RootfsPropagation
import dev.gantry.oci.Scheduler
import dev.gantry.oci.SchedulerFlag
import dev.gantry.oci.SchedulerPolicy
import dev.gantry.oci.TimeOffset
import dev.gantry.oci.TimeOffsets
import dev.gantry.oci.User

/** Launches that differ in kind; each has a golden file of its name. */
class Scenarios {
    static final LaunchOptions OPTIONS = LaunchOptions.of('box', '/bundle', '/run/gantry/box/rootfs')

    private static final String LANDLOCK =
        '{"paths":[{"path":"/usr","access":["exec"]},{"path":"/tmp","access":["write",32768]}],' +
            '"ports":[{"port":443,"access":["connect_tcp"]}],"scoped":["signal"]}'

    private static final Map<String, Closure<LaunchPlan>> ALL = [
            'hybrid': { plan(OciDefaults.spec()) },
            'unified': { plan(OciDefaults.withCgroupNamespace(OciDefaults.spec()), Hosts.UNIFIED) },
            'combined-hierarchies': { plan(OciDefaults.spec(), Hosts.COMBINED) },
            'user-namespace': { plan(mapped(OciDefaults.spec())) },
            'user-namespace-unified': { plan(mapped(OciDefaults.spec()), Hosts.UNIFIED) },
            'rootless': { plan(OciDefaults.rootlessSpec(1000, 1000), Hosts.ROOTLESS) },
            'joined-namespaces': { plan(joining(OciDefaults.spec())) },
            'host-namespaces': { plan(withoutNamespaces(OciDefaults.spec())) },
            'terminal': { plan(process(OciDefaults.spec()) { terminal(true).consoleSize(new ConsoleSize(24, 80)) }) },
            'without-terminal': { plan(process(OciDefaults.spec()) { terminal(false) }) },
            'host-root': { plan(annotated(OciDefaults.spec(), GantryAnnotations.ROOTFS, 'host')) },
            'host-root-user-namespace': {
                plan(rootMapped(annotated(OciDefaults.spec(), GantryAnnotations.ROOTFS, 'host')), Hosts.WITH_TOP)
            },
            'empty-root': { plan(annotated(OciDefaults.spec(), GantryAnnotations.ROOTFS, 'empty')) },
            'image-root': { plan(OciDefaults.spec().toBuilder().annotations(IMAGE).build()) },
            'idle': { plan(annotated(OciDefaults.spec(), GantryAnnotations.INIT, 'idle')) },
            'await-start': { plan(OciDefaults.spec(), Hosts.HYBRID, OPTIONS.awaitingStart().keepingKeyring()) },
            'hooks': {
                plan(hooked(OciDefaults.spec()), Hosts.HYBRID,
                    OPTIONS.awaitingStart().calling([HookPoint.CREATE_RUNTIME] as Set))
            },
            'scheduled': { plan(scheduled(OciDefaults.spec())) },
            'labelled': {
                plan(process(OciDefaults.spec()) { apparmorProfile('box').selinuxLabel('u:r:t:s0') }, Hosts.LABELLING)
            },
            'landlock': {
                plan(annotated(OciDefaults.spec(), GantryAnnotations.LANDLOCK, LANDLOCK), Hosts.HYBRID.withLandlock(7))
            },
            'much': { plan(much()) },
            'no-pivot': { plan(OciDefaults.spec(), Hosts.HYBRID, OPTIONS.withoutPivot()) },
            'sources': { plan(mapped(binding(OciDefaults.spec()))) },
            'idmapped': { plan(idmapped(OciDefaults.spec())) },
            'joined-user-namespace': { plan(joiningAll(OciDefaults.spec())) },
            'rootless-adapted': { plan(OciDefaults.spec(), Hosts.SUBORDINATE, OPTIONS.awaitingStart()) },
            'rootless-host-root': {
                plan(annotated(OciDefaults.spec(), GantryAnnotations.ROOTFS, 'host'), Hosts.SUBORDINATE)
            },
            'rootless-joined': { plan(joiningAll(OciDefaults.spec()), Hosts.ROOTLESS) },
            'rootless-many-ids': { plan(manyIds(OciDefaults.rootlessSpec(1000, 1000)), Hosts.ROOTLESS) },
            'user-namespace-shared': { plan(sharing(mapped(OciDefaults.spec()), '/run/ns/pid')) },
            'user-namespace-devices': { plan(withDevice(mapped(OciDefaults.spec()))) },
            'rootless-shared': { plan(sharing(mapped(OciDefaults.spec()), null), Hosts.SUBORDINATE) },
            'own-ids-with-clocks': { plan(ownIdsWithClocks(OciDefaults.spec())) },
    ]

    static Set<String> names() {
        ALL.keySet()
    }

    static LaunchPlan plan(String name) {
        ALL[name].call()
    }

    static LaunchPlan plan(OciConfig config, Host host = Hosts.HYBRID, LaunchOptions options = OPTIONS) {
        PlanCompiler.compile(config, SourceMap.NONE, host, options)
    }

    static OciConfig linux(OciConfig config, @DelegatesTo(Linux.Builder) Closure change) {
        config.toBuilder().linux(config.linux().toBuilder().with(change).build()).build()
    }

    static OciConfig process(OciConfig config, @DelegatesTo(Process.Builder) Closure change) {
        config.toBuilder().process(config.process().toBuilder().with(change).build()).build()
    }

    private static final Map IMAGE = [(GantryAnnotations.ROOTFS): 'image',
        (GantryAnnotations.LAYERS): '/images/b:/images/a']

    static OciConfig annotated(OciConfig config, String key, String value) {
        config.toBuilder().annotations([(key): value]).build()
    }

    static OciConfig mapped(OciConfig config) {
        def map = [new IdMapping(0, 100_000, 65_536)]
        linux(config) { namespaces(config.linux().namespaces() + Namespace.of(USER)).uidMappings(map).gidMappings(map) }
    }

    /** Shares network and ipc with the host, and pid with the host or by a path. */
    private static OciConfig sharing(OciConfig config, String pid) {
        def own = config.linux().namespaces()
            .findAll { !(it.type() in [NamespaceType.NETWORK, NamespaceType.IPC, NamespaceType.PID]) }
        linux(config) { namespaces(own + (pid == null ? [] : [new Namespace(NamespaceType.PID, pid)])) }
    }

    private static OciConfig withDevice(OciConfig config) {
        linux(config) { devices([new Device(DeviceType.CHARACTER, '/dev/fuse', 10L, 229L, 0660L, 3L, 70_000L)]) }
    }

    private static OciConfig hooked(OciConfig config) {
        def hook = { String name -> new Hook("/hooks/$name".toString(), [name, 'a'], ['A=1'], 5) }
        def bare = new Hook('/hooks/bare', [], null, null)
        config.toBuilder()
                .hooks(new Hooks([hook('prestart')], [hook('createRuntime'), bare], [hook('createContainer')],
                        [hook('startContainer'), bare], [hook('poststart')], [hook('poststop')]))
                .build()
    }

    private static OciConfig scheduled(OciConfig config) {
        def deadline = new Scheduler(SchedulerPolicy.DEADLINE, null, null, [SchedulerFlag.RESET_ON_FORK], 1_000_000,
            2_000_000, 3_000_000)
        def changed = linux(config) {
            personality(new Personality(PersonalityDomain.LINUX32, []))
                    .memoryPolicy(new MemoryPolicy(MemoryPolicyMode.BIND, '0', [MemoryPolicyFlag.STATIC_NODES]))
        }
        process(changed) {
            scheduler(deadline)
                    .ioPriority(new IoPriority(IoPriorityClass.BE, 5))
                    .execCPUAffinity(new CpuAffinity('0', '0-1'))
        }
    }

    private static OciConfig joining(OciConfig config) {
        linux(config) {
            namespaces(NamespaceType.values()
                .collect { new Namespace(it, it == NamespaceType.MOUNT ? null : "/run/ns/${it.procName()}") })
        }
    }

    private static OciConfig joiningAll(OciConfig config) {
        linux(config) { namespaces(NamespaceType.values().collect { new Namespace(it, "/run/ns/${it.procName()}") }) }
    }

    private static OciConfig binding(OciConfig config) {
        def inRoot = mount('/b', 'bind', '/bundle/rootfs/../rootfs/a', 'rbind')
        config.toBuilder().mounts(config.mounts() + [mount('/a', 'bind', 'src', 'bind', 'ro'), inRoot]).build()
    }

    private static OciConfig idmapped(OciConfig config) {
        def map = [new IdMapping(0, 100_000, 1000), new IdMapping(1000, 5000, 1)]
        def mounts = [mount('/a', 'bind', '/src', 'rbind'), mount('/b', 'bind', '/src', 'bind')].collect {
            new Mount(it.destination(), it.type(), it.source(), it.options(), map, map)
        }
        config.toBuilder().mounts(config.mounts() + mounts).build()
    }

    private static OciConfig manyIds(OciConfig config) {
        def map = [new IdMapping(0, 1000, 1), new IdMapping(1, 100_000, 65_536)]
        linux(config) { uidMappings(map).gidMappings(map) }
    }

    static OciConfig rootMapped(OciConfig config) {
        def map = [new IdMapping(0, 0, 1), new IdMapping(1, 100_000, 65_536)]
        linux(config) { namespaces(config.linux().namespaces() + Namespace.of(USER)).uidMappings(map).gidMappings(map) }
    }

    private static OciConfig ownIdsWithClocks(OciConfig config) {
        linux(config) {
            namespaces(config.linux().namespaces() + [Namespace.of(USER), Namespace.of(TIME)])
                    .timeOffsets(new TimeOffsets(new TimeOffset(60, null), null))
        }
    }

    private static OciConfig withoutNamespaces(OciConfig config) {
        linux(config) { namespaces([]).maskedPaths([]).readonlyPaths([]) }.toBuilder().hostname(null).build()
    }

    /** One of nearly everything. */
    private static OciConfig much() {
        def spec = OciDefaults.spec()
        def mounts = [
                mount('/proc', 'proc', 'proc'),
                mount('/dev', 'tmpfs', 'tmpfs', 'ro', 'nosuid', 'mode=755'),
                mount('etc/hosts', 'bind', 'hosts', 'bind', 'ro'),
                mount('/src/', 'none', '/home/me/src', 'rbind', 'rro', 'rslave'),
                mount('/data', 'ext4', '/dev/sdb1', 'ro', 'noexec'),
                mount('/sys/fs/cgroup', 'cgroup', 'cgroup', 'ro'),
        ]
        def devices = [
                new Device(DeviceType.CHARACTER, '/dev/tty', 5, 0, 0620, 0, 5),
                new Device(DeviceType.FIFO, '/dev/pipe', null, null, null, null, null),
                new Device(DeviceType.BLOCK, '/dev/sdb1', 8, 17, 0660, 0, 6),
        ]
        def config = linux(spec) {
            namespaces(spec.linux().namespaces() + [Namespace.of(CGROUP), Namespace.of(TIME)])
                    .devices(devices)
                    .sysctl('net.ipv4.ip_forward': '1')
                    .timeOffsets(new TimeOffsets(new TimeOffset(86_400, null), new TimeOffset(-1, 5)))
                    .rootfsPropagation(RootfsPropagation.RSHARED)
        }
        config = process(config) {
            oomScoreAdj(-500)
                    .cwd('/src')
                    .user(User.builder().uid(1000).gid(100).umask(0077).additionalGids([5, 6]).build())
        }
        config.toBuilder().mounts(mounts).domainname('example.org').build()
    }

    static Mount mount(String destination, String type, String source, String... options) {
        Mount.builder().destination(destination).type(type).source(source).options(options as List).build()
    }
}
