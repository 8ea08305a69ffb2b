package dev.gantry.spec.support

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.Timeout

/**
 * A container engine that calls Gantry as its runtime, with all it keeps in a directory of its own, and a busybox root
 * for its containers. What the engine leaves on the machine when it is done would have been left by its runtime.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
abstract class EngineSpecification extends Specification {
    private static final int SECONDS = 90

    /** Short: engines put sockets below it, whose paths have room for 107 bytes. */
    @Shared Path dir = Path.of("/run/g-${ProcessHandle.current().pid()}")
    @Shared Path rootfs = dir.resolve('rootfs')
    @Shared private Set<String> mountsBefore
    @Shared private Set<String> processesBefore

    def setupSpec() {
        mountsBefore = mounts()
        processesBefore = containerProcesses()
        Files.createDirectories(dir)
        Busybox.rootfs(rootfs)
        ['proc', 'sys', 'dev', 'run'].each { Files.createDirectories(rootfs.resolve(it)) }
    }

    def cleanupSpec() {
        run('sh', '-c', "rm -rf --one-file-system $dir")
        assert containerProcesses() - processesBefore == [] as Set
        assert mounts().findAll { !it.contains('/containers/') } - mountsBefore == [] as Set
    }

    /** Runs a program to its end, without input; its streams are kept apart. */
    protected Outcome run(String... command) {
        feed('', command)
    }

    protected Outcome feed(String input, String... command) {
        attend(command.toList()) { stream -> stream.withCloseable { it << input } }
    }

    /** Runs a program to its end, whose input is at its end when the closure closes it. */
    protected Outcome attend(List<String> command, Closure<?> feeding) {
        new Command(command).at(Path.of('/')).feeding(feeding).within(SECONDS).run()
    }

    private static Set<String> mounts() {
        Files.readAllLines(Path.of('/proc/self/mountinfo')).collect { it.split(' ')[4] } as Set
    }

    private static Set<String> containerProcesses() {
        def own = Files.readSymbolicLink(Path.of('/proc/self/ns/pid')).toString()
        new File('/proc').list().findAll { it.isInteger() }.findAll { pid ->
            try {
                Files.readSymbolicLink(Path.of("/proc/$pid/ns/pid")).toString() != own
            } catch (IOException ignored) {
                false // gone meanwhile
            }
        } as Set
    }
}
