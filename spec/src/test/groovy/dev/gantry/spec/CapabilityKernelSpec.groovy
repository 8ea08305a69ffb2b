package dev.gantry.spec

import dev.gantry.oci.Capabilities
import dev.gantry.oci.User
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files

/** Each of the five sets is what the config says, for the first process and for those that are added, and no more. */
@RequiresKernel(programs = ['busybox:busybox-static'])
class CapabilityKernelSpec extends ContainerSpecification {
    private static final Map<String, Long> BITS = [CAP_CHOWN: 1L, CAP_KILL: 1L << 5, CAP_NET_RAW: 1L << 13]
    private static final List<String> SOME = ['CAP_CHOWN', 'CAP_KILL']

    private static Map<String, Long> sets(String status) {
        status.readLines().findAll { it.startsWith('Cap') }.collectEntries { line ->
            def (name, hex) = line.split(':\\s*')
            [name, Long.parseUnsignedLong(hex, 16)]
        }
    }

    private static long bits(List<String> names) {
        names.sum(0L) { BITS[it] } as long
    }

    private static Capabilities caps(Map<String, List<String>> wanted) {
        def builder = Capabilities.builder()
        wanted.each { name, list -> builder."$name"(list) }
        builder.build()
    }

    def "#set alone holds what is listed: #wanted"() {
        given:
        def asked = withProcess(config(['sleep', '100']), [capabilities: caps(wanted)])
        def expected = [CapInh: 'inheritable', CapPrm: 'permitted', CapEff: 'effective', CapBnd: 'bounding',
            CapAmb: 'ambient']
                .collectEntries { line, name -> [line, bits(wanted[name] ?: [])] }

        when:
        def first = sets(run(withProcess(asked, [args: ['cat', '/proc/self/status']])).text())
        def added = sets(start(asked).exec('cat', '/proc/self/status').text())

        then: 'a program that root executes has of its permitted set what is in the bounding or the inheritable one'
        first == expected
        added == expected

        where:
        set           | wanted
        'none'        | [:]
        'bounding, permitted and effective' | [bounding: SOME, permitted: SOME, effective: SOME]
        'all five'    | [bounding: SOME, permitted: SOME, effective: SOME, inheritable: SOME, ambient: SOME]
    }

    def "a process without capabilities has none of the init's, whoever it is: uid #uid"() {
        given:
        def asked =
            withProcess(config(['sleep', '100']), [capabilities: null, user: User.builder().uid(uid).gid(uid).build()])

        expect:
        sets(run(withProcess(asked, [args: ['cat', '/proc/self/status']])).text()).values().every { it == 0 }
        sets(start(asked).exec('cat', '/proc/self/status').text()).values().every { it == 0 }

        where:
        uid << [0L, 1000L]
    }

    def "an added process has the capabilities that it asks for, and none inheritable unless it lists some"() {
        given:
        def container = start(withProcess(config(['sleep', '100']),
            [capabilities: caps(bounding: SOME, permitted: SOME, effective: SOME, inheritable: SOME)]))
        def process = container.processFor(['cat', '/proc/self/status']).toBuilder()
                .capabilities(caps(bounding: ['CAP_NET_RAW'], permitted: ['CAP_NET_RAW'], effective: ['CAP_NET_RAW']))
                .build()

        expect:
        sets(container.exec(process).text()) ==
            [CapInh: 0L, CapPrm: 1L << 13, CapEff: 1L << 13, CapBnd: 1L << 13, CapAmb: 0L]
    }

    def "a set-user-ID program gains nothing beyond the bounding set, and nothing at all with no_new_privs: #flag"() {
        given:
        def program = bundle.resolve('rootfs/bin/busybox-elevated')
        Files.copy(bundle.resolve('rootfs/bin/busybox').toRealPath(), program)
        Files.setAttribute(program, 'unix:mode', 0104755)
        def user = User.builder().uid(1000L).gid(1000L).build()
        def wanted = withProcess(config(), [capabilities: caps(bounding: SOME), user: user, noNewPrivileges: flag,
            args: ['/bin/busybox-elevated', 'cat', '/proc/self/status']])

        expect:
        sets(run(wanted).text()).CapPrm == permitted // busybox itself gives up what is effective

        cleanup:
        Files.deleteIfExists(program)

        where:
        flag  || permitted
        true  || 0L
        false || bits(SOME)
    }
}
