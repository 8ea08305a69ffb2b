package dev.gantry.spec.support

import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption

/** Root file systems and bundles made of Debian's static busybox. */
class Busybox {
    private static final List<String> APPLETS = [
        'sh', 'true', 'false', 'id', 'cat', 'ls', 'ps', 'mount', 'hostname', 'sleep', 'echo', 'touch', 'grep', 'ip',
        'stat', 'mknod', 'kill', 'env', 'pwd', 'head', 'wc', 'readlink', 'mkdir', 'stty', 'tty', 'umask', 'nproc', 'dd',
        'ulimit', 'uname', 'taskset'
    ]

    static Path rootfs(Path dir) {
        def bin = Files.createDirectories(dir.resolve('bin'))
        Files.createDirectories(dir.resolve('etc'))
        Files.createDirectories(dir.resolve('tmp'))
        Files.writeString(dir.resolve('etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n' +
            'user:x:1000:1000:user:/home/user:/bin/sh\n')
        Files.copy(Path.of('/bin/busybox'), bin.resolve('busybox'), StandardCopyOption.REPLACE_EXISTING)
        bin.resolve('busybox').toFile().setExecutable(true, false)
        APPLETS.each { applet ->
            if (!Files.exists(bin.resolve(applet))) {
                Files.createSymbolicLink(bin.resolve(applet), Path.of('busybox'))
            }
        }
        dir
    }
}
