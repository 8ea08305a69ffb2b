package dev.gantry.spec

import dev.gantry.kernel.Signal
import dev.gantry.oci.Capabilities
import dev.gantry.oci.Capability
import dev.gantry.oci.OciConfig
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.security.MessageDigest

/**
 * The programs of the runtime cannot be written from a container, with all capabilities that there are (CVE-2019-5736).
 */
@RequiresKernel(programs = ['busybox:busybox-static'])
class ExeOverwriteKernelSpec extends ContainerSpecification {

    private OciConfig privileged(List<String> args) {
        def names = Capability.values()*.ociName() - 'CAP_SYS_RESOURCE' // which the machines of these tests may lack
        withProcess(config(args), [capabilities: Capabilities.builder().bounding(names).effective(names)
            .permitted(names).inheritable(names).ambient(names).build(),
                                   noNewPrivileges: false])
    }

    /** The launcher, the jars and libraries beside it, the Java machine and its libraries. */
    private static Map<String, String> programs() {
        def home = Path.of(System.getProperty('java.home')).toRealPath()
        def dist = GantryCommand.LAUNCHER.resolveSibling('repl/target/dist')
        def files = [GantryCommand.LAUNCHER, home.resolve('bin/java'), home.resolve('lib/server/libjvm.so'),
            home.resolve('lib/modules')]
        files += Files.walk(dist).withCloseable { walk ->
            walk.filter { Files.isRegularFile(it) && !it.toString().endsWith('.jsa') }.toList()
        }
        files.collectEntries { [it.toString(), sha256(it)] }
    }

    private static String sha256(Path file) {
        def digest = MessageDigest.getInstance('SHA-256')
        Files.newInputStream(file).withCloseable { stream ->
            byte[] buffer = new byte[1 << 16]
            for (int n = stream.read(buffer); n > 0; n = stream.read(buffer)) {
                digest.update(buffer, 0, n)
            }
        }
        digest.digest().encodeHex().toString()
    }

    def "a container that tries to write the program of every process it sees changes none while others are added"() {
        given:
        def before = programs()
        def attack = 'while :; do for p in /proc/[0-9]*; do case $(readlink $p/exe) in *busybox*|"") ;; ' +
            '*) echo seen >> /log;; esac; ' +
                '{ echo evil >> $p/exe; } 2>/dev/null && echo "wrote $(readlink $p/exe)" >> /log; done; done'
        def container = start(privileged(['sh', '-c', attack]))

        when:
        40.times { container.exec('true') }
        def cli = new GantryCommand(stateRoot, bundle)
        3.times { assert cli.run('exec', container.id(), 'true').exit == 0 }
        container.kill(Signal.KILL.number())
        container.waitFor()

        then:
        programs() == before
        !log().any { it.startsWith('wrote') && !it.contains('busybox') }

        cleanup:
        Files.deleteIfExists(bundle.resolve('rootfs/log'))
    }

    private List<String> log() {
        def file = bundle.resolve('rootfs/log')
        Files.exists(file) ? Files.readAllLines(file) : []
    }

    def "a program whose interpreter is /proc/self/exe does not get at the init, #way"() {
        given:
        def before = programs()
        def script = bundle.resolve('rootfs/bin/evil')
        Files.writeString(script, '#!/proc/self/exe\n')
        script.toFile().setExecutable(true, false)

        when: 'it fails, or runs gantry-init without a plan, which ends at once'
        try {
            if (way == 'first') {
                run(privileged(['/bin/evil']))
            } else {
                start(privileged(['sleep', '100'])).exec('/bin/evil')
            }
        } catch (dev.gantry.error.ContainerException ignored) {
            // just as well
        }

        then:
        programs() == before
        sh('echo alive').text() == 'alive\n'

        cleanup:
        Files.deleteIfExists(script)

        where:
        way << ['first', 'added']
    }

    def "the init runs from sealed memory, which nobody can write, root of the host neither"() {
        given:
        def container = create(privileged(['sleep', '100']))
        def exe = Path.of("/proc/${container.state().pid()}/exe")

        expect:
        Files.readSymbolicLink(exe).toString().startsWith('/memfd:gantry-init')

        when:
        Files.newOutputStream(exe, java.nio.file.StandardOpenOption.WRITE).withCloseable { it.write(0) }

        then:
        thrown(IOException)
    }
}
