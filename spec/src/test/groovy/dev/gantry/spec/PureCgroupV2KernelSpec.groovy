package dev.gantry.spec

import dev.gantry.spec.support.UserModeLinux
import dev.gantry.spec.unified.DelegatedCgroup
import dev.gantry.spec.unified.UnifiedCgroup
import dev.gantry.spec.unified.UnifiedSystemd
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir

/** Specifications that are run in a kernel whose only cgroup hierarchy is v2, by user-mode-linux; each feature counts. */
@RequiresKernel(programs = ['linux.uml:user-mode-linux', 'dbus-daemon:dbus', 'systemctl:systemd', 'busybox:busybox-static'])
class PureCgroupV2KernelSpec extends Specification {
    private static final List<Class> UNDER_SYSTEMD = [UnifiedSystemd]
    private static final List<Class> SPECS = [UnifiedCgroup, DelegatedCgroup, LifecycleKernelSpec, DeviceGuardKernelSpec]

    /** What is shown on this machine's own kernel only. */
    private static final List<String> OVERLAY = ["the host's root is seen and never written to"]

    @Shared @TempDir Path dir
    @Shared List<Map<String, String>> results

    def setupSpec() {
        def machine = new UserModeLinux(Files.createDirectory(dir.resolve('plain')))
        def booted = new UserModeLinux(Files.createDirectory(dir.resolve('systemd')))
        results = machine.specifications(SPECS) + booted.specifications(UNDER_SYSTEMD, booted.&runUnderSystemd)
    }

    def "without overlayfs the host's root is no root: #result.feature"() {
        expect:
        result.status == 'FAILED'
        result.message.contains('fsopen `overlay`: no such device (ENODEV) [root.path]')

        where:
        result << results.findAll { it.feature in OVERLAY }
    }

    def "#result.spec: #result.feature"() {
        expect:
        result.status == 'SUCCESSFUL'
        result.message == ''

        where:
        result << results.findAll { !(it.feature in OVERLAY) }
    }

    def "features of #spec.simpleName have run there"() {
        expect:
        results.count { it.spec == spec.simpleName } >= 3

        where:
        spec << SPECS + UNDER_SYSTEMD
    }
}
