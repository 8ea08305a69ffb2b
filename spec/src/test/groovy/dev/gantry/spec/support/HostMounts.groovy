package dev.gantry.spec.support

import java.nio.file.Path
import spock.util.concurrent.PollingConditions

/** Mounts that a feature makes on the host, taken away again in reverse order. */
class HostMounts implements Closeable {
    private final List<Path> points = []
    private final Map<Path, String> controllers = [:]

    /** Mounts a tmpfs on a directory. */
    Path tmpfs(Path point, String options = 'mode=755') {
        mount(point, '-t', 'tmpfs', '-o', options, 'tmpfs')
    }

    /** Mounts the v1 hierarchy of a controller that has none. */
    Path hierarchy(Path point, String controller) {
        controllers[point] = controller
        mount(point, '-t', 'cgroup', '-o', controller, 'none')
    }

    /** Calls mount(8) with these arguments and the mount point. */
    Path mount(Path point, String... args) {
        Command.ok('mount', *args, point.toString())
        points << point
        point
    }

    @Override
    void close() {
        points.reverse().each { Command.ok('umount', '-l', it.toString()) }
        controllers.each { point, controller -> end(controller, point) }
    }

    /**
     * A hierarchy outlives its last mount while a cgroup in it is still on its way out. Every process would go on
     * having it in `/proc/PID/cgroup`, where containerd takes a hierarchy that is mounted nowhere for an error.
     */
    private static void end(String controller, Path point) {
        new PollingConditions(timeout: 30).eventually {
            if (isBound(controller)) {
                Command.ok('mount', '-t', 'cgroup', '-o', controller, 'none', point.toString())
                Command.ok('umount', point.toString())
            }
            assert !isBound(controller)
        }
    }

    /** Answers whether a controller has a v1 hierarchy, cgroups(7). */
    private static boolean isBound(String controller) {
        new File('/proc/cgroups').readLines()*.split('\t').any { it[0] == controller && it[1] != '0' }
    }
}
