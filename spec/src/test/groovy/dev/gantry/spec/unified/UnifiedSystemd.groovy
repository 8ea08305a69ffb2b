package dev.gantry.spec.unified

import static dev.gantry.spec.support.Eventually.within

import dev.gantry.runtime.Internals
import dev.gantry.error.ConfigException
import dev.gantry.error.ContainerException
import dev.gantry.kernel.OpenFlag
import dev.gantry.oci.DeviceRuleType
import dev.gantry.oci.OciConfig
import dev.gantry.oci.Pids
import dev.gantry.oci.Resources
import dev.gantry.oci.codec.OciWriter
import dev.gantry.plan.CgroupDriver
import dev.gantry.runtime.Container
import dev.gantry.runtime.Gantry
import dev.gantry.runtime.GantryOptions
import dev.gantry.spec.PureCgroupV2KernelSpec
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spec.support.LimitsSpecification
import dev.gantry.spec.support.Outcome
import dev.gantry.spock.RequiresKernel
import dev.gantry.value.ContainerStatus
import dev.gantry.value.StepFailure
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.AutoCleanup
import spock.lang.Shared

/**
 * The cgroup driver that asks systemd, a real one; run by {@link PureCgroupV2KernelSpec} in a kernel that it has
 * booted.
 */
@RequiresKernel(programs = ['busybox:busybox-static', 'systemctl:systemd'])
class UnifiedSystemd extends LimitsSpecification {
    @Shared @AutoCleanup Gantry systemd

    def setupSpec() {
        assert Files.readString(Path.of('/proc/1/comm')).trim() == 'systemd'
        systemd = Gantry.open(GantryOptions.at(stateRoot).withSystemdCgroups())
    }

    def "a container is in a scope of its own, which has its limits, and is gone with it"() {
        given:
        def resources = [memory: memory(limit: 64 * MIB, reservation: 32 * MIB, swap: 96 * MIB),
            cpu: cpu(shares: 1024, quota: 50_000, period: 100_000), pids: new Pids(20)]
        def container = launch(limited(resources))
        def unit = "gantry-${container.id()}.scope".toString()

        expect:
        container.state().unit() == unit
        container.state().cgroups() == ["/sys/fs/cgroup/system.slice/$unit".toString()]
        container.processes() == [container.state().pid()]
        show(unit, 'ActiveState') == 'active'
        show(unit, 'Slice') == 'system.slice'
        show(unit, 'Delegate') == 'yes'
        show(unit, 'MemoryMax') == "${64 * MIB}"
        show(unit, 'MemoryLow') == "${32 * MIB}"
        show(unit, 'MemorySwapMax') == "${32 * MIB}"
        show(unit, 'CPUWeight') == '39'
        show(unit, 'CPUQuotaPerSecUSec') == '500ms'
        show(unit, 'TasksMax') == '20'
        file(container, 'memory.max') == "${64 * MIB}"
        file(container, 'cpu.max') == '50000 100000'
        container.exec('cat', '/proc/self/cgroup').text() == "0::/system.slice/$unit\n"

        when:
        container.deleteForcibly()

        then:
        show(unit, 'LoadState') == 'not-found'
        !Files.exists(Path.of("/sys/fs/cgroup/system.slice/$unit"))
    }

    def "slice, prefix and name are the config's: #path"() {
        given:
        def container = launch(withLinux(config(SLEEP), [cgroupsPath: path]))

        expect:
        container.state().cgroups() == ["/sys/fs/cgroup$dir".toString()]
        container.processes().size() == 1

        cleanup:
        container.deleteForcibly()
        new Command('systemctl', 'stop', 'ci.slice').run()

        where:
        path                      || dir
        'ci-build.slice:pre:name' || '/ci.slice/ci-build.slice/pre-name.scope'
        '-.slice:pre:top'         || '/pre-top.scope'
        ':pre:customary'          || '/system.slice/pre-customary.scope'
        'ci.slice::bare'          || '/ci.slice/bare.scope'
    }

    def "a path that systemd cannot take is told before anything is made: #path"() {
        when:
        launch(withLinux(config(SLEEP), [cgroupsPath: path]))

        then:
        def e = thrown(ConfigException)
        e.line() == "$message [linux.cgroupsPath]"

        where:
        path             || message
        '/a/b'           ||
            'expected cgroupsPath to be of format `slice:prefix:name` for systemd cgroups, got `/a/b` instead'
        'a.slice:b'      ||
            'expected cgroupsPath to be of format `slice:prefix:name` for systemd cgroups, got `a.slice:b` instead'
        'a.slice:b:'     ||
            'expected cgroupsPath to be of format `slice:prefix:name` for systemd cgroups, got `a.slice:b:` instead'
        'nothing:b:c'    || 'invalid slice name: `nothing`'
        'a--b.slice:b:c' || 'invalid slice name: `a--b.slice`'
    }

    def "an update is told to systemd and stands in the files"() {
        given:
        def container = launch(limited([memory: memory(limit: 64 * MIB), cpu: cpu(quota: 50_000, period: 100_000)]))
        def unit = container.state().unit()

        when:
        container.update(Resources.builder().memory(memory(limit: 96 * MIB)).pids(new Pids(33)).cpu(cpu(quota: 12_345))
            .build())

        then:
        show(unit, 'MemoryMax') == "${96 * MIB}"
        show(unit, 'TasksMax') == '33'
        file(container, 'memory.max') == "${96 * MIB}"
        file(container, 'pids.max') == '33'
        file(container, 'cpu.max') == '12345 100000'
    }

    def "limits and device rules outlive a reload of systemd"() {
        given:
        def deny = rule(false, null, null, null, 'rwm')
        def container = launch(limited([memory: memory(limit: 64 * MIB), pids: new Pids(20), devices: [deny]]))

        when:
        Command.ok('systemctl', 'daemon-reload')

        then:
        file(container, 'memory.max') == "${64 * MIB}"
        file(container, 'pids.max') == '20'
        guards(container) == 1
        container.exec('true').status().code() == 0
    }

    def "a container is paused and resumed"() {
        given:
        def container = launch(config(SLEEP))

        when:
        container.pause()

        then:
        container.status() == ContainerStatus.PAUSED

        when:
        container.resume()

        then:
        container.exec('echo', 'on').text() == 'on\n'
    }

    def "a launch that fails leaves no unit"() {
        given:
        def id = newId()

        when:
        Internals.start(systemd, id, definition(config(['/no/such/program'])), stdio())

        then:
        thrown(StepFailure)
        show("gantry-${id}.scope", 'LoadState') == 'not-found'
        !Files.exists(stateRoot.resolve(id))
    }

    def "a scope that somebody else has is refused, and stays"() {
        given:
        def id = newId()
        def other = new Command('systemd-run', '--scope', "--unit=gantry-$id", 'sleep', '100').start()
        within(10) { show("gantry-${id}.scope", 'ActiveState') == 'active' }

        when:
        Internals.start(systemd, id, definition(config(SLEEP)), stdio())

        then:
        def e = thrown(ContainerException)
        e.message == "start `$id`: container's cgroup is not empty: `/sys/fs/cgroup/system.slice/gantry-${id}.scope`"
        other.alive

        cleanup:
        other.destroyForcibly().waitFor()
        new Command('systemctl', 'stop', "gantry-${id}.scope").run()
    }

    def "the command line asks systemd when it is told to"() {
        given:
        def id = newId()
        Files.writeString(bundle.resolve('config.json'), OciWriter.text(config(['cat', '/proc/self/cgroup'])))

        expect:
        def run = gantry('--root', stateRoot.toString(), '--systemd-cgroup', 'run', '-b', bundle.toString(), id)
        run.err == ''
        run.out == "0::/system.slice/gantry-${id}.scope\n"
        show("gantry-${id}.scope", 'LoadState') == 'not-found'
    }

    private Container launch(OciConfig config) {
        track(Internals.start(systemd, newId(), definition(config), stdio()))
    }

    private int guards(Container container) {
        kernel.open(container.state().cgroups()[0], OpenFlag.DIRECTORY).withCloseable { dir ->
            def programs = kernel.devicePrograms().attachedTo(dir)
            programs*.close()
            programs.size()
        }
    }

    private static String file(Container container, String name) {
        Files.readString(Path.of(container.state().cgroups()[0], name)).trim()
    }

    private static String show(String unit, String property) {
        new Command('systemctl', 'show', '-p', property, '--value', unit).merged().run().out.trim()
    }

    private static Outcome gantry(String... args) {
        new Command(GantryCommand.LAUNCHER, args.toList()).run()
    }
}
