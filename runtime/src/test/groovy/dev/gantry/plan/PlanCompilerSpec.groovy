package dev.gantry.plan

import dev.gantry.oci.Capabilities
import dev.gantry.oci.Capability
import dev.gantry.oci.Namespace
import dev.gantry.oci.NamespaceType
import dev.gantry.oci.OciDefaults
import dev.gantry.oci.Root
import dev.gantry.oci.User
import dev.gantry.wire.Wire
import spock.lang.Specification

/** The order of a plan's steps, and the golden plans of whole configs. */
class PlanCompilerSpec extends Specification {
    private static final List<Class> CREDENTIALS =
            [PrivilegeStep.LimitCapabilities, PrivilegeStep.SetUser, PrivilegeStep.SetCapabilities,
                PrivilegeStep.NoNewPrivileges]

    private static final List<Class> BEFORE_THE_ROOT = [
            MountStep.SetPropagation, MountStep.MountOnHost, MountStep.MakeHostDirectory, RootStep.OpenRoot,
            MountStep.Mount, MountStep.BindMount, NodeStep.BindDevice, SourceStep.OpenSource, NodeStep.Mknod,
            NodeStep.Symlink]

    private static final List<Class> OPENED_AHEAD =
        [SourceStep.OpenSource, SourceStep.OpenFilesystem, SourceStep.OpenNode, SourceStep.StageSources]

    def "the plan is the approved one: #name"() {
        given:
        def text = Golden.text(Scenarios.plan(name))

        expect:
        text == Golden.approved(name, text)

        where:
        name << Scenarios.names()
    }

    def "there is no approved plan without a scenario"() {
        expect:
        Golden.names().findAll { !it.startsWith('exec-') } == Scenarios.names().sort()
    }

    def "the process that goes on is made once, and nothing is mounted before: #name"() {
        given:
        def plan = Scenarios.plan(name)

        expect:
        indices(plan, NamespaceStep.Clone) == [plan.cloneStep()]
        indices(plan, SourceStep, RootStep, MountStep, NodeStep)
            .every { it > plan.cloneStep() || plan.steps()[it].step().class in OPENED_AHEAD }

        where:
        name << Scenarios.names()
    }

    def "the root is entered once, when all is mounted: #name"() {
        given:
        def plan = Scenarios.plan(name)
        def entered = indices(plan, RootStep.PivotRoot, RootStep.MoveRoot, RootStep.ChangeRoot)

        expect:
        entered.size() == 1
        indices(plan, *BEFORE_THE_ROOT).every { it < entered[0] }
        indices(plan, MountStep.MaskPath, MountStep.ReadonlyPath, MountStep.MakeReadonly).every { it > entered[0] }

        where:
        name << Scenarios.names()
    }

    def "readiness is reported once, after the program was found and before it runs: #name"() {
        given:
        def plan = Scenarios.plan(name)
        def ready = indices(plan, ProcessStep.Ready)
        def last = plan.steps().size() - 1

        expect:
        ready.size() == 1
        indices(plan, ProcessStep.Exec, ProcessStep.Idle) == [last]
        indices(plan, ProcessStep.AwaitStart).every { it == ready[0] + 1 }
        indices(plan, ProcessStep.FindProgram).every { it < ready[0] && it > indices(plan, PrivilegeStep.SetUser)[0] }

        where:
        name << Scenarios.names()
    }

    def "privileges are given up in order, no_new_privs last, limits first: #name"() {
        given:
        def plan = Scenarios.plan(name)
        def steps = plan.steps()*.step()*.class

        expect:
        steps.findAll { it in CREDENTIALS } == CREDENTIALS
        indices(plan, ProcessStep.SetRlimit).every { it < indices(plan, PrivilegeStep.LimitCapabilities)[0] }
        indices(plan, PrivilegeStep.NoNewPrivileges)[0] < indices(plan, ProcessStep.Exec, ProcessStep.Idle)[0]

        where:
        name << Scenarios.names()
    }

    def "limits stand before the init exists, cgroups are joined before any namespace: #name"() {
        given:
        def plan = Scenarios.plan(name)

        expect:
        indices(plan, RuntimeStep.MakeCgroup, RuntimeStep.WriteCgroup, RuntimeStep.GuardDevices) ==
            (0..<plan.preparation()).toList()
        (indices(plan, ProcessStep.JoinCgroup).max() ?: -1)
                < indices(plan, NamespaceStep.JoinNamespace, NamespaceStep.Unshare, NamespaceStep.Clone).min()

        where:
        name << Scenarios.names()
    }

    def "ids are mapped right after the user namespace was made: #name"() {
        given:
        def plan = Scenarios.plan(name)
        def made = plan.steps().findIndexOf { it.step() == new NamespaceStep.Unshare(NamespaceType.USER) }

        expect:
        indices(plan, RuntimeStep.WriteIdMaps) == (made < 0 ? [] : [made + 1])

        where:
        name << Scenarios.names()
    }

    def "every step says what it does and why it is there: #name"() {
        expect:
        Scenarios.plan(name).steps().every {
            it.step().describe() ==~ /[a-z][\x20-\x7e]*[^.]/ && !it.origin().ociPath().isEmpty() &&
                it.origin().place().isEmpty()
        }

        where:
        name << Scenarios.names()
    }

    def "equal inputs give equal plans and equal bytes: #name"() {
        given:
        def one = Scenarios.plan(name)
        def other = Scenarios.plan(name)

        expect:
        one == other
        one.hashCode() == other.hashCode()
        one.toBytes(OptionalInt.empty()) == other.toBytes(OptionalInt.empty())

        where:
        name << Scenarios.names()
    }

    def "of a variable that is set twice the last counts, at its place"() {
        given:
        def config = Scenarios.process(OciDefaults.spec()) { env(['A=1', 'B=2', 'A=3=4', 'C=\n']) }

        expect:
        only(Scenarios.plan(config), ProcessStep.Exec).env() == ['B=2', 'A=3=4', 'C=\n']
    }

    def "without a user the process is root, and its umask 0022"() {
        given:
        def plan = Scenarios.plan(Scenarios.process(OciDefaults.spec()) { user(null) })

        expect:
        only(plan, PrivilegeStep.SetUser) == new PrivilegeStep.SetUser(0, 0, true, [])
        only(plan, PrivilegeStep.SetUmask) == new PrivilegeStep.SetUmask(0022)
    }

    def "a user is taken as it is, its umask without more than permission bits"() {
        given:
        def user = User.builder().uid(1000).gid(100).umask(07077).additionalGids([7, 5]).build()
        def plan = Scenarios.plan(Scenarios.process(OciDefaults.spec()) { delegate.user(user) })

        expect:
        only(plan, PrivilegeStep.SetUser) == new PrivilegeStep.SetUser(1000, 100, true, [7, 5])
        only(plan, PrivilegeStep.SetUmask) == new PrivilegeStep.SetUmask(0077)
        only(plan, ProcessStep.FindHome).uid() == 1000
        only(plan, ProcessStep.UseConsole) == new ProcessStep.UseConsole(0, 0, 1000, true, true)
    }

    def "groups are left alone where a single one is mapped"() {
        expect:
        !only(Scenarios.plan('rootless'), PrivilegeStep.SetUser).setGroups()
        only(Scenarios.plan('user-namespace'), PrivilegeStep.SetUser).setGroups()
    }

    def "without capabilities there are none at all"() {
        given:
        def plan = Scenarios.plan(Scenarios.process(OciDefaults.spec()) { capabilities(null) })
        def none = [] as Set

        expect:
        only(plan, PrivilegeStep.LimitCapabilities) == new PrivilegeStep.LimitCapabilities(none)
        only(plan, PrivilegeStep.SetCapabilities) == new PrivilegeStep.SetCapabilities(none, none, none, none)
    }

    def "unknown capabilities are left out, and ambient ones that cannot be raised"() {
        given:
        def wanted = Capabilities.builder()
                .bounding(['CAP_KILL', 'CAP_FLY'])
                .effective(['CAP_KILL'])
                .permitted(['CAP_KILL', 'CAP_CHOWN'])
                .inheritable(['CAP_KILL'])
                .ambient(['CAP_KILL', 'CAP_CHOWN', 'CAP_FOWNER'])
                .build()
        def plan = Scenarios.plan(Scenarios.process(OciDefaults.spec()) { capabilities(wanted) })
        def kill = [Capability.KILL] as Set

        expect:
        only(plan, PrivilegeStep.LimitCapabilities).bounding() == kill
        only(plan, PrivilegeStep.SetCapabilities)
                == new PrivilegeStep.SetCapabilities(kill, [Capability.KILL, Capability.CHOWN] as Set, kill, kill)
    }

    def "privileges may be gained where nothing forbids it"() {
        expect:
        indices(Scenarios.plan(Scenarios.process(OciDefaults.spec()) { noNewPrivileges(null) }),
            PrivilegeStep.NoNewPrivileges) == []
    }

    def "a container without a process #what"() {
        given:
        def plan = Scenarios.plan(OciDefaults.spec().toBuilder().process(null).annotations(annotations).build())

        expect:
        indices(plan, step).size() == 1
        indices(plan, step) == [plan.steps().size() - 1]
        indices(plan, ProcessStep.Exec, ProcessStep.FindProgram) == []
        plan.warnings()*.line() == warnings

        where:
        what                | annotations                                        || step                  | warnings
        'fails'             | [:]                                                ||
            ProcessStep.NoProgram | ['without `process` the container can be created, but not started [process]']
        'idles if it is to' | [(GantryAnnotations.INIT): GantryAnnotations.IDLE] || ProcessStep.Idle      | []
    }

    def "mount points are told as the kernel will find them: #destination"() {
        given:
        def config = OciDefaults.spec().toBuilder().mounts([Scenarios.mount(destination, 'proc', 'proc')]).build()

        expect:
        only(Scenarios.plan(config), MountStep.Mount).target() == target

        where:
        destination   || target
        '/proc'       || '/proc'
        '/proc/'      || '/proc'
        '//proc/.'    || '/proc'
        'proc'        || '/proc'
        '/a/../proc'  || '/proc'
        '../../a'     || '/a'
    }

    def "a file system without a source has its type for one"() {
        given:
        def config = OciDefaults.spec().toBuilder().mounts([Scenarios.mount('/x', 'tmpfs', source)]).build()

        expect:
        only(Scenarios.plan(config), MountStep.Mount).source() == 'tmpfs'

        where:
        source << [null, '']
    }

    def "devices and links in /dev are made unless the host's is bound: #destination"() {
        given:
        def config = OciDefaults.spec().toBuilder().mounts([Scenarios.mount(destination, type, '/dev', *options)])
            .build()

        expect:
        indices(Scenarios.plan(config), NodeStep.Mknod, NodeStep.Symlink).isEmpty() == bound

        where:
        destination | type    | options   || bound
        '/dev'      | 'bind'  | []        || true
        '/dev/'     | 'none'  | ['rbind'] || true
        'dev'       | null    | ['bind']  || true
        '/dev'      | 'tmpfs' | []        || false
        '/DEV'      | 'bind'  | []        || false
        '/dev/x'    | 'bind'  | []        || false
    }

    def "a view of the host masks the state root where it can be seen: #scratch"() {
        given:
        def config = Scenarios.annotated(OciDefaults.spec(), GantryAnnotations.ROOTFS, rootfs)
        def plan = Scenarios.plan(config, Hosts.HYBRID, LaunchOptions.of('box', '/bundle', scratch))
        def masks = plan.steps()*.step().findAll { it instanceof MountStep.MaskPath }*.path()

        expect:
        masks - config.linux().maskedPaths() == masked

        where:
        rootfs  | scratch                         || masked
        'host'  | '/srv/state/box/rootfs'         || ['/srv/state']
        'host'  | '/run/gantry/box/rootfs'        || []
        'host'  | '/run/user/7/gantry/box/rootfs' || []
        'host'  | '/running/box/rootfs'           || ['/running']
        'empty' | '/srv/state/box/rootfs'         || []
    }

    def "layers that a mount of the config does not cover are read-only with the root: mount on #destination"() {
        given:
        def spec = Scenarios.annotated(OciDefaults.spec(), GantryAnnotations.ROOTFS, 'host')
        def config = spec.toBuilder().mounts([Scenarios.mount(destination, 'tmpfs', 'tmpfs')])
            .root(new Root('rootfs', true)).build()

        expect:
        Scenarios.plan(config, Hosts.SUBORDINATE).steps()*.step().findAll { it instanceof MountStep.MakeReadonly }
            *.target() == readonly

        where:
        destination     || readonly
        '/tmp'          || ['/', '/home', '/srv/data']
        '/home'         || ['/', '/srv/data']
        '/srv/data'     || ['/', '/home']
        '/srv'          || ['/', '/home']
        '/srv/data/sub' || ['/', '/home', '/srv/data']
        '/srv/dat'      || ['/', '/home', '/srv/data']
    }

    def "flags are locked once all is opened ahead, before the user namespace, pivot: #pivot, own mounts: #own"() {
        given:
        def mount = own ? Namespace.of(NamespaceType.MOUNT) : new Namespace(NamespaceType.MOUNT, '/proc/7/ns/mnt')
        def mapped = Scenarios.rootMapped(OciDefaults.spec())
        def namespaces = mapped.linux().namespaces().findAll { it.type() != NamespaceType.MOUNT } + mount
        def config = mapped.toBuilder().mounts([Scenarios.mount('/data', 'bind', '/data', 'bind', 'idmap')])
                .linux(mapped.linux().toBuilder().namespaces(namespaces).build()).build()
        def options = LaunchOptions.of('box', '/bundle', '/run/gantry/box/rootfs')
        def plan = Scenarios.plan(config, Hosts.HYBRID, pivot ? options : options.withoutPivot())
        def staged = indices(plan, SourceStep.StageSources)

        expect:
        !indices(plan, SourceStep.OpenSource).isEmpty()
        staged.size() == count
        only(plan, MountStep.BindMount).source().lookup() == MountStep.BindMount.Source.Lookup.OPENED
        staged.every {
            it == indices(plan, SourceStep.OpenSource).last() + 1 && it < indices(plan, NamespaceStep.Unshare).first()
        }

        where:
        pivot | own   || count
        true  | true  || 1
        false | true  || 0
        true  | false || 0
    }

    def "a directory is empty that cannot be opened without its mounts"() {
        given:
        def spec = Scenarios.rootMapped(Scenarios.annotated(OciDefaults.spec(), GantryAnnotations.ROOTFS, 'host'))
        def binds = (1..Wire.MOST_SOURCES).collect { Scenarios.mount("/m$it", 'bind', "/m$it", 'bind') }
        def steps = Scenarios.plan(spec.toBuilder().mounts(binds).build(), Hosts.WITH_TOP).steps()*.step()

        expect:
        steps.contains(new MountStep.MakeHostDirectory('/run/gantry/box/rootfs/root/srv', 0750, false))
        !steps.any { it instanceof SourceStep.PlaceSource }
    }

    static <T> T only(LaunchPlan plan, Class<T> type) {
        def found = plan.steps()*.step().findAll { type.isInstance(it) }
        assert found.size() == 1
        (T) found[0]
    }

    static List<Integer> indices(LaunchPlan plan, Class... types) {
        plan.steps().findIndexValues { planned -> types.any { it.isInstance(planned.step()) } }*.intValue()
    }
}
