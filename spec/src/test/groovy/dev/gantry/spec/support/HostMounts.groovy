package dev.gantry.spec.support

import java.nio.file.Path

/** Mounts that a feature makes on the host, taken away again in reverse order. */
class HostMounts implements Closeable {
    private final List<Path> points = []

    /** Mounts a tmpfs on a directory. */
    Path tmpfs(Path point, String options = 'mode=755') {
        mount(point, '-t', 'tmpfs', '-o', options, 'tmpfs')
    }

    /** Calls mount(8) with these arguments and the mount point. */
    Path mount(Path point, String... args) {
        command(['mount', *args, point.toString()])
        points << point
        point
    }

    static void command(List<String> command) {
        def process = new ProcessBuilder(command).redirectErrorStream(true).start()
        process.outputStream.close()
        def said = process.inputStream.text
        assert process.waitFor() == 0: "$command: $said"
    }

    @Override
    void close() {
        points.reverse().each { command(['umount', '-l', it.toString()]) }
    }
}
