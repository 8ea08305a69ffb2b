package dev.gantry.plan

import dev.gantry.plan.compile.ExecCompiler
import dev.gantry.error.SourceMap
import dev.gantry.oci.Capabilities
import dev.gantry.oci.OciConfig
import dev.gantry.oci.OciDefaults
import dev.gantry.oci.Seccomp
import dev.gantry.oci.SeccompAction
import dev.gantry.oci.SeccompFlag
import dev.gantry.oci.SeccompSyscall
import spock.lang.Specification

/** Where in a plan the filter is installed, and with which flags. */
class SeccompPlanSpec extends Specification {
    static Seccomp profile(List<SeccompFlag> flags, boolean notifies = false) {
        def rules = notifies ? [new SeccompSyscall(['mkdir'], SeccompAction.NOTIFY, null, [])] : []
        new Seccomp(SeccompAction.ALLOW, null, [], flags, notifies ? '/run/agent' : null, null, rules)
    }

    static OciConfig config(Map changes = [:], Seccomp profile = profile(null)) {
        def spec = OciDefaults.spec()
        def process = spec.process().toBuilder().terminal(false)
        changes.each { name, value -> process."$name"(value) }
        spec.toBuilder().process(process.build()).linux(spec.linux().toBuilder().seccomp(profile).build()).build()
    }

    static LaunchPlan plan(OciConfig config) {
        Scenarios.plan(config, Hosts.HYBRID, Scenarios.OPTIONS.awaitingStart())
    }

    static LaunchPlan added(OciConfig config) {
        ExecCompiler.compile(config, config.process(), [], SourceMap.NONE, Hosts.HYBRID, Scenarios.OPTIONS)
    }

    /** What comes after the user switch. */
    static List<String> end(LaunchPlan plan) {
        def words = plan.steps()*.step()*.describe()
        words[words.indexOf('become user `0:0`')..-1]
    }

    def "with no_new_privs the filter is the last thing before the program"() {
        expect:
        end(plan(config([noNewPrivileges: true]))) == [
                'become user `0:0`', 'set capabilities', 'set no_new_privs', 'change directory to `/`',
                'find home of user `0`', 'find program `sh`', 'end on signals until the program runs',
                'install seccomp filter', 'report ready', 'await start', 'exec `sh`']
        end(added(config([noNewPrivileges: true])))[-4..-1] == [
                'find home of user `0`', 'find program `sh`', 'install seccomp filter', 'exec `sh`']
    }

    def "without it, CAP_SYS_ADMIN is kept until the filter is on"() {
        given:
        def plan = plan(config([noNewPrivileges: nnp]))
        def kept = plan.steps()*.step().find { it instanceof PrivilegeStep.SetCapabilities }
        def left = plan.steps()*.step().find { it instanceof PrivilegeStep.GiveUpAdmin }

        expect:
        end(plan) == [
                'become user `0:0`', 'set capabilities', 'change directory to `/`', 'find home of user `0`',
                'find program `sh`', 'end on signals until the program runs', 'install seccomp filter',
                'give up CAP_SYS_ADMIN', 'report ready', 'await start', 'exec `sh`']
        kept.effective()*.name() as Set == ['AUDIT_WRITE', 'KILL', 'NET_BIND_SERVICE', 'SYS_ADMIN'] as Set
        kept.permitted() == kept.effective()
        left.effective()*.name() as Set == ['AUDIT_WRITE', 'KILL', 'NET_BIND_SERVICE'] as Set
        left.permitted() == left.effective()

        where:
        nnp << [null, false]
    }

    def "it is not given up by who has it for good"() {
        given:
        def admin = ['CAP_SYS_ADMIN']
        def capabilities = Capabilities.builder().bounding(admin).effective(admin).permitted(admin).build()

        expect:
        !end(plan(config([noNewPrivileges: false, capabilities: capabilities]))).contains('give up CAP_SYS_ADMIN')
    }

    def "without a filter nothing is kept"() {
        given:
        def plan = plan(config([noNewPrivileges: false], null))

        expect:
        !plan.steps()*.step()
            .any { it instanceof PrivilegeStep.GiveUpAdmin || it instanceof PrivilegeStep.InstallSeccomp }
        !plan.steps()*.step().find { it instanceof PrivilegeStep.SetCapabilities }.effective()*.name()
            .contains('SYS_ADMIN')
        plan.filter().isEmpty()
    }

    def "HOME of the environment is not looked for"() {
        expect:
        end(plan(config([env: env]))).any { it.startsWith('find home') } == lookedFor

        where:
        env                    || lookedFor
        ['HOME=/h']            || false
        ['HOME=/h', 'HOME=']   || true
        ['HOME=', 'HOME=/h']   || false
        ['HOMER=/h']           || true
    }

    def "flags #flags make #text"() {
        given:
        def profile = profile(flags, notifies)
        def plan = plan(config([noNewPrivileges: true], profile))

        expect:
        plan.filter().get() == profile
        plan.steps()*.step().find { it instanceof PrivilegeStep.InstallSeccomp }.details().endsWith("flags $text")

        where:
        flags                                    | notifies || text
        null                                     | false    || '0x4'
        []                                       | false    || '0x0'
        [SeccompFlag.TSYNC]                      | false    || '0x0'
        [SeccompFlag.LOG]                        | false    || '0x2'
        [SeccompFlag.SPEC_ALLOW]                 | false    || '0x4'
        [SeccompFlag.TSYNC, SeccompFlag.LOG, SeccompFlag.SPEC_ALLOW] | false || '0x6'
        [SeccompFlag.WAIT_KILLABLE_RECV]         | false    || '0x0'
        [SeccompFlag.WAIT_KILLABLE_RECV]         | true     || '0x28'
        [SeccompFlag.TSYNC]                      | true     || '0x8'
        null                                     | true     || '0xc'
    }
}
