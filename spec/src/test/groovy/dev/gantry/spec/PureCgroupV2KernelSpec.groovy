package dev.gantry.spec

import dev.gantry.spec.support.UserModeLinux
import dev.gantry.spec.unified.DelegatedCgroup
import dev.gantry.spec.unified.FullFileTable
import dev.gantry.spec.unified.UnifiedCgroup
import dev.gantry.spec.unified.UnifiedSystemd
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir

/**
 * Specifications that are run in a kernel whose only cgroup hierarchy is v2, by user-mode-linux; each feature counts.
 */
@RequiresKernel(programs =
    ['linux.uml:user-mode-linux', 'dbus-daemon:dbus', 'systemctl:systemd', 'busybox:busybox-static'])
class PureCgroupV2KernelSpec extends Specification {
    private static final List<Class> UNDER_SYSTEMD = [UnifiedSystemd]
    private static final List<Class> WITH_USERS = [StateRootKernelSpec, FullFileTable]
    private static final List<Class> SPECS = [UnifiedCgroup, DelegatedCgroup, LifecycleKernelSpec,
                                              DeviceGuardKernelSpec, HostDescriptorsKernelSpec, HeldReportsKernelSpec]

    private static final String OVERLAY = 'fsopen `overlay`: no such device (ENODEV) [root.path'

    /** What that kernel lacks: the beginning of a feature's name, and what is reported of it there. */
    private static final Map<String, String> LACKS = [
        "the host's root is seen and never written to": OVERLAY,
        'after root has used Gantry, others still run the first example, with ': OVERLAY,
    ]

    @Shared @TempDir Path dir
    @Shared List<Map<String, String>> results

    def setupSpec() {
        results = inTwo([
            { machine('plain').specifications(SPECS) },
            { machine('systemd').with { specifications(UNDER_SYSTEMD, it.&runUnderSystemd) } },
            { machine('users').with { specifications(WITH_USERS, it.&runWithUsers) } },
        ]).flatten() as List<Map<String, String>>
    }

    private UserModeLinux machine(String name) {
        new UserModeLinux(Files.createDirectory(dir.resolve(name)))
    }

    /** Does all of them, two at a time: each kernel has one processor. */
    private static List inTwo(List<Closure> jobs) {
        def threads = Executors.newFixedThreadPool(2)
        try {
            threads.invokeAll(jobs.collect { it as Callable })*.get()
        } finally {
            threads.shutdownNow()
        }
    }

    private static String lacking(String feature) {
        LACKS.find { feature.startsWith(it.key) && !feature.contains('#') }?.value
    }

    def "what that kernel lacks is what #result.feature fails of"() {
        expect:
        result.status == 'FAILED'
        result.message.replaceAll(/\s+/, ' ').contains(lacking(result.feature))

        where:
        result << results.findAll { lacking(it.feature) }
    }

    def "#result.spec: #result.feature"() {
        expect:
        result.status == 'SUCCESSFUL'
        result.message == ''

        where:
        result << results.findAll { !lacking(it.feature) }
    }

    def "features of #spec.simpleName have run there"() {
        expect:
        results.count { it.spec == spec.simpleName } >= 3

        where:
        spec << SPECS + UNDER_SYSTEMD + WITH_USERS
    }
}
