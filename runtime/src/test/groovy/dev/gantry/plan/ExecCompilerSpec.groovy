package dev.gantry.plan

import static dev.gantry.plan.PlanCompilerSpec.indices
import static dev.gantry.plan.PlanCompilerSpec.only

import dev.gantry.plan.compile.ExecCompiler
import dev.gantry.plan.compile.PlanCompiler
import dev.gantry.error.SourceMap
import dev.gantry.error.ConfigException
import dev.gantry.oci.Configs
import dev.gantry.oci.OciConfig
import dev.gantry.oci.OciDefaults
import spock.lang.Specification

/** The plan of a process that is added to a container. */
class ExecCompilerSpec extends Specification {
    private static final Map<String, Closure<LaunchPlan>> PLANS = [
            'exec-hybrid': { plan(OciDefaults.spec(), Hosts.HYBRID) },
            'exec-unified': { plan(OciDefaults.withCgroupNamespace(OciDefaults.spec()), Hosts.UNIFIED) },
            'exec-user-namespace': { plan(Scenarios.mapped(OciDefaults.spec()), Hosts.UNIFIED) },
            'exec-rootless': { plan(OciDefaults.rootlessSpec(1000, 1000), Hosts.ROOTLESS) },
    ]

    def "the plan is the approved one: #name"() {
        given:
        def text = Golden.text(PLANS[name]())

        expect:
        text == Golden.approved(name, text)

        where:
        name << PLANS.keySet()
    }

    def "there is no approved plan without a feature"() {
        expect:
        Golden.names().findAll { it.startsWith('exec-') } == PLANS.keySet().sort()
    }

    def "cgroups, then namespaces, then the clone, then privileges, then the program: #name"() {
        given:
        def plan = PLANS[name]()
        def join = indices(plan, NamespaceStep.JoinContainer)[0]
        def order = [NamespaceStep.Undumpable, NamespaceStep.JoinContainer, NamespaceStep.Clone, ProcessStep.UseConsole,
                     ProcessStep.SetRlimit, PrivilegeStep.LimitCapabilities, PrivilegeStep.SetUser,
                     PrivilegeStep.SetCapabilities, PrivilegeStep.NoNewPrivileges, ProcessStep.FindProgram,
                     ProcessStep.Exec]

        expect:
        plan.steps()*.step()*.class.findAll { it in order } == order
        indices(plan, ProcessStep.JoinCgroup).every { it < join }
        indices(plan, PrivilegeStep.BecomeRoot).every { it == join + 1 }
        plan.preparation() == 0
        indices(plan, SourceStep, RootStep, MountStep, NodeStep, RuntimeStep, ProcessStep.Ready,
            ProcessStep.AwaitStart) == []

        where:
        name << PLANS.keySet()
    }

    def "a v2 cgroup is joined by birth, but from outside of a user namespace not: #name"() {
        given:
        def plan = PLANS[name]()

        expect:
        plan.cgroupOfBirth().orElse(null) == born
        plan.steps()*.step().findAll { it instanceof ProcessStep.JoinCgroup && it.unified() }*.dir() == joined

        where:
        name                  || born                                | joined
        'exec-hybrid'         || '/sys/fs/cgroup/unified/box'        | []
        'exec-unified'        || '/sys/fs/cgroup/user.slice/box'     | []
        'exec-user-namespace' || null                                | ['/sys/fs/cgroup/user.slice/box']
        'exec-rootless'       || null                                | []
    }

    def "equal inputs give equal plans and bytes"() {
        expect:
        PLANS[name]() == PLANS[name]()
        PLANS[name]().toBytes(OptionalInt.empty()) == PLANS[name]().toBytes(OptionalInt.empty())

        where:
        name << PLANS.keySet()
    }

    def "all namespaces of the container are joined, however it got them"() {
        expect:
        only(PLANS['exec-unified'](), NamespaceStep.JoinContainer).types()*.ociName().sort()
                == ['cgroup', 'ipc', 'mount', 'network', 'pid', 'uts']
    }

    def "a container on the host's namespaces can be entered too"() {
        given:
        def plan = plan(Configs.of([:]), Hosts.HYBRID)

        expect:
        only(plan, NamespaceStep.JoinContainer).types().isEmpty()
        only(plan, NamespaceStep.Clone).types().isEmpty()
    }

    def "a process that makes no sense is refused with all that is wrong"() {
        when:
        ExecCompiler.compile(OciDefaults.spec(), Configs.process([cwd: 'x']), [], SourceMap.NONE, Hosts.HYBRID,
            Scenarios.OPTIONS)

        then:
        def e = thrown(ConfigException)
        e.problems()*.ociPath() == ['process.args', 'process.cwd']
    }

    private static LaunchPlan plan(OciConfig config, Host host) {
        def cgroups = PlanCompiler.cgroupDirs(config, host, 'box')
        ExecCompiler.compile(config, OciDefaults.spec().process(), cgroups, SourceMap.NONE, host, Scenarios.OPTIONS)
    }
}
