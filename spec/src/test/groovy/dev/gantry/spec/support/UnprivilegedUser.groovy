package dev.gantry.spec.support

import java.nio.file.Files
import java.nio.file.Path

/**
 * A user of this machine that exists while a specification runs, with a home, a runtime directory and subordinate ids.
 */
class UnprivilegedUser implements Closeable {
    static final int FIRST_SUBORDINATE = 700_000

    final String name = "gantry-spec-${ProcessHandle.current().pid()}"
    final Path home
    final long uid
    Map<String, String> environment

    UnprivilegedUser() {
        this.home = Path.of('/home', name) // all above it is root's, as is customary
        Command.ok('useradd', '-m', '-d', home.toString(), '-s', '/bin/sh', '-F', name)
        this.uid = Command.ok('id', '-u', name).trim().toLong()
        ['/etc/subuid', '/etc/subgid'].each { file ->
            def others = Files.readAllLines(Path.of(file)).findAll { !it.startsWith("$name:") }
            Files.write(Path.of(file), others + ["$name:$FIRST_SUBORDINATE:65536".toString()])
        }
        def runtime = Files.createDirectory(home.resolve('run'))
        Command.ok('chown', '-R', "$name:$name", home.toString())
        Command.ok('chmod', '0700', home.toString(), runtime.toString())
        environment = [HOME: home.toString(), PATH: System.getenv('PATH'), XDG_RUNTIME_DIR: runtime.toString()]
    }

    /** A bundle of the user's own, with a busybox root. */
    Path bundle(String name) {
        def bundle = home.resolve(name)
        Busybox.rootfs(bundle.resolve('rootfs'))
        Command.ok('chown', '-R', "${this.name}:${this.name}", bundle.toString())
        bundle
    }

    Outcome gantry(Path directory, String... args) {
        run(directory, GantryCommand.LAUNCHER.toString(), *args)
    }

    /** Runs a program as the user, with nothing of this process's environment. */
    Outcome run(Path directory, String... args) {
        Command.asUser(name, environment, args).at(directory).input('').run()
    }

    @Override
    void close() {
        new Command('userdel', '-f', '-r', name).run()
        ['/etc/subuid', '/etc/subgid'].each { file ->
            Files.write(Path.of(file), Files.readAllLines(Path.of(file)).findAll { !it.startsWith("$name:") })
        }
    }
}
