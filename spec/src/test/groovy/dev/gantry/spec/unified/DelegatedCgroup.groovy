package dev.gantry.spec.unified

import dev.gantry.oci.Cpu
import dev.gantry.oci.Memory
import dev.gantry.oci.OciConfig
import dev.gantry.oci.OciDefaults
import dev.gantry.oci.Pids
import dev.gantry.oci.Resources
import dev.gantry.oci.codec.OciWriter
import dev.gantry.spec.PureCgroupV2KernelSpec
import dev.gantry.spec.support.Busybox
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spec.support.Outcome
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Shared
import spock.lang.Specification

/**
 * Limits set by a user other than root, to whom a cgroup v2 was delegated, cgroups(7); run by
 * {@link PureCgroupV2KernelSpec}. The user is a number without a name, so that no file of the machine is changed.
 */
@RequiresKernel(programs = ['busybox:busybox-static', 'setpriv:util-linux'])
class DelegatedCgroup extends Specification {
    private static final int UID = 54_321
    private static final Path NEST = Path.of('/sys/fs/cgroup/ci')
    private static final long MIB = 1024 * 1024

    /** In memory: to the files of the machine below, everybody in here is root. */
    @Shared Path dir = Path.of('/run/delegated')

    def setupSpec() {
        Busybox.rootfs(dir.resolve('rootfs'))
        Files.createDirectories(dir.resolve('state'))
        Command.shell("chown -R $UID:$UID $dir && chmod 755 $dir")
        Command.shell("echo '+cpu +memory +pids' > /sys/fs/cgroup/cgroup.subtree_control")
    }

    def cleanup() {
        delegate(0)
    }

    def "limits are set, read from inside, changed, and gone with the container"() {
        given:
        delegate(UID)
        write(config('sleep', '100'), Resources.builder().memory(limit(64)).pids(new Pids(20)).cpu(shares(2048))
            .build())

        when:
        def made = gantry('run', '-d', 'delegated')

        then:
        made.exit == 0
        made.err == ''
        cgroup('memory.max') == "${64 * MIB}"
        cgroup('pids.max') == '20'
        cgroup('cpu.weight') == '79'
        gantry('exec', 'delegated', 'cat', '/proc/self/cgroup').out == '0::/ci/delegated\n'
        gantry('pause', 'delegated').exit == 0
        cgroup('cgroup.freeze') == '1'
        gantry('resume', 'delegated').exit == 0
        gantry('update', 'delegated', '--pids-limit', '30').exit == 0
        cgroup('pids.max') == '30'

        when:
        def gone = gantry('delete', '-f', 'delegated')

        then:
        gone.exit == 0
        !Files.exists(NEST.resolve('delegated'))
    }

    def "what a limit forbids fails inside"() {
        given:
        delegate(UID)
        write(config('sh', '-c', 'i=0; while [ $i -lt 30 ]; do sleep 2 & i=$((i+1)); done; wait'),
            Resources.builder().pids(new Pids(10)).build())

        expect:
        gantry('run', 'forked').err.contains("can't fork: Resource temporarily unavailable")
    }

    def "without a delegated cgroup the container runs, and what is not applied is said"() {
        given:
        delegate(0)
        write(config('cat', '/proc/self/cgroup'), Resources.builder().pids(new Pids(20)).build())

        when:
        def run = gantry('run', 'undelegated')

        then:
        run.exit == 0
        run.out == '0::/ci/session\n'
        run.err.contains('limits are not applied without root or a delegated cgroup [linux.resources]')
    }

    private static void delegate(int uid) {
        Command.shell("chown $uid $NEST $NEST/cgroup.procs $NEST/cgroup.subtree_control $NEST/cgroup.threads " +
            "$NEST/session/cgroup.procs")
    }

    private static String cgroup(String file) {
        Files.readString(NEST.resolve('delegated').resolve(file)).trim()
    }

    private static OciConfig config(String... args) {
        def spec = OciDefaults.rootlessSpec(UID, UID)
        spec.toBuilder().process(spec.process().toBuilder().terminal(false).args(args.toList()).build()).build()
    }

    private void write(OciConfig config, Resources resources) {
        def limited = config.toBuilder().linux(config.linux().toBuilder().resources(resources).build()).build()
        Files.writeString(dir.resolve('config.json'), OciWriter.text(limited))
    }

    private static Memory limit(long mebibytes) {
        new Memory(mebibytes * MIB, null, null, null, null, null, null, null, null)
    }

    private static Cpu shares(long shares) {
        new Cpu(shares, null, null, null, null, null, null, null, null)
    }

    private Outcome gantry(String... args) {
        Command.asUser(UID, [PATH: System.getenv('PATH'), XDG_RUNTIME_DIR: dir.toString()], GantryCommand.LAUNCHER,
            '--root', "$dir/state", args.toList()).at(dir).run()
    }
}
