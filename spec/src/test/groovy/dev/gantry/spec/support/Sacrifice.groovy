package dev.gantry.spec.support

import dev.gantry.runtime.Internals
import dev.gantry.error.ContainerException
import dev.gantry.kernel.jnr.LinuxKernel
import dev.gantry.oci.codec.OciReader
import dev.gantry.runtime.Gantry
import dev.gantry.runtime.GantryOptions
import dev.gantry.value.Definition
import dev.gantry.io.Stdio
import java.nio.file.Files
import java.nio.file.Path

/**
 * A process of its own that really makes containers from mutated configs. A mutated config may be a valid one: it may
 * take the machine's root for its root, write to what it binds, join no namespace at all. So this process has no
 * machine to lose: namespaces of its own (mount, pid, network, ipc, uts), a view of the files that goes to memory, a
 * new procfs, sysfs read-only, a /dev of its own and no cgroups.
 */
class Sacrifice {
    private static final String VIEW = '''
        set -e
        mount -t tmpfs -o mode=755 view "$1"; cd "$1"; mkdir upper work root
        mount -t overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" view root
        mount -t proc proc root/proc
        mount -t sysfs -o ro sysfs root/sys
        mount -t tmpfs -o mode=755 dev root/dev
        for d in 'null 1 3' 'zero 1 5' 'full 1 7' 'random 1 8' 'urandom 1 9' 'tty 5 0'; do
            mknod -m 666 root/dev/${d%% *} c ${d#* }
        done
        mkdir root/dev/pts root/dev/shm
        mount -t devpts -o newinstance,ptmxmode=0666 devpts root/dev/pts
        mount -t tmpfs shm root/dev/shm
        ln -s pts/ptmx root/dev/ptmx; ln -s /proc/self/fd root/dev/fd
        dir="$2"; shift 2
        cd root; mkdir old; pivot_root . old # in a chroot nobody may make a user namespace
        umount -l /old; rmdir /old
        cd "$dir"; exec "$@"
        '''

    /** State root, bundle, then the numbers of the configs. */
    static void main(String[] args) {
        def mutator = new ConfigMutator()
        def bundle = Path.of(args[1])
        def stdio = Stdio.none(LinuxKernel.load())
        Gantry.open(GantryOptions.at(Path.of(args[0]))).withCloseable { gantry ->
            new File(args[2]).eachLine { line ->
                println "$line\t${outcome(gantry, mutator.config(line.toInteger()), bundle, "m$line", stdio)}"
            }
            println "left\t${gantry.containers()*.id()} ${mounts()}"
        }
        System.exit(0)
    }

    private static String outcome(Gantry gantry, byte[] bytes, Path bundle, String id, Stdio stdio) {
        try {
            def container = Internals.create(gantry, id, Definition.of(OciReader.parse(bytes, 'config.json'), bundle),
                stdio)
            container.deleteForcibly()
            'container'
        } catch (ContainerException e) {
            "error ${e.line().readLines().size()} ${e.line()}".toString().take(300).replaceAll(/[\r\n]/, '?')
        } catch (Throwable e) {
            "BROKEN $e ${e.stackTrace.take(6)}".replaceAll(/[\r\n]/, ' ')
        }
    }

    private static int mounts() {
        new File('/proc/self/mountinfo').readLines().size()
    }

    static Process launch(Path place, Path stateRoot, Path bundle, Path numbers) {
        def view = Files.createDirectories(place.resolve('view'))
        def java = ProcessHandle.current().info().command().get()
        new ProcessBuilder('unshare', '--mount', '--pid', '--net', '--ipc', '--uts',
                '--fork', '--kill-child', '--propagation', 'private', 'sh', '-c', VIEW, 'sh', view.toString(),
                Path.of('').toAbsolutePath().toString(),
                java, '-Xshare:auto', '-XX:TieredStopAtLevel=1', '--enable-native-access=ALL-UNNAMED',
                '-cp', System.getProperty('java.class.path'), Sacrifice.name, stateRoot.toString(), bundle.toString(),
                numbers.toString())
                .redirectError(place.resolve('stderr').toFile()).start()
    }
}
