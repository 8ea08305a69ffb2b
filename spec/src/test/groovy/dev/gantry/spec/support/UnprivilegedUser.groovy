package dev.gantry.spec.support

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit

/** A user of this machine that exists while a specification runs, with a home, a runtime directory and subordinate ids. */
class UnprivilegedUser implements Closeable {
    static final int FIRST_SUBORDINATE = 700_000

    final String name = "gantry-spec-${ProcessHandle.current().pid()}"
    final Path home
    final long uid
    Map<String, String> environment

    UnprivilegedUser() {
        this.home = Path.of('/home', name) // all above it is root's, as is customary
        command('useradd', '-m', '-d', home.toString(), '-s', '/bin/sh', '-F', name)
        this.uid = command('id', '-u', name).trim().toLong()
        ['/etc/subuid', '/etc/subgid'].each { file ->
            def others = Files.readAllLines(Path.of(file)).findAll { !it.startsWith("$name:") }
            Files.write(Path.of(file), others + ["$name:$FIRST_SUBORDINATE:65536".toString()])
        }
        def runtime = Files.createDirectory(home.resolve('run'))
        command('chown', '-R', "$name:$name", home.toString())
        command('chmod', '0700', home.toString(), runtime.toString())
        environment = [HOME: home.toString(), PATH: System.getenv('PATH'), XDG_RUNTIME_DIR: runtime.toString()]
    }

    /** A bundle of the user's own, with a busybox root. */
    Path bundle(String name) {
        def bundle = home.resolve(name)
        Busybox.rootfs(bundle.resolve('rootfs'))
        command('chown', '-R', "${this.name}:${this.name}", bundle.toString())
        bundle
    }

    GantryCommand.Outcome gantry(Path directory, String... args) {
        run(directory, GantryCommand.LAUNCHER.toString(), *args)
    }

    /** Runs a program as the user, with nothing of this process's environment. */
    GantryCommand.Outcome run(Path directory, String... args) {
        def out = Files.createTempFile('user', 'out')
        def err = Files.createTempFile('user', 'err')
        try {
            def builder = new ProcessBuilder(['setpriv', '--reuid', name, '--regid', name, '--init-groups'] + args.toList())
            builder.environment().clear()
            builder.environment().putAll(environment)
            def process = builder.directory(directory.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile()).start()
            process.outputStream.close()
            assert process.waitFor(60, TimeUnit.SECONDS): "$args did not end"
            new GantryCommand.Outcome(exit: process.exitValue(), out: Files.readString(out), err: Files.readString(err))
        } finally {
            Files.delete(out)
            Files.delete(err)
        }
    }

    private static String command(String... command) {
        def process = new ProcessBuilder(command).redirectErrorStream(true).start()
        def said = process.inputStream.text
        assert process.waitFor() == 0: "$command: $said"
        said
    }

    @Override
    void close() {
        new ProcessBuilder('userdel', '-f', '-r', name).redirectErrorStream(true).start().with {
            inputStream.text
            waitFor()
        }
        ['/etc/subuid', '/etc/subgid'].each { file ->
            Files.write(Path.of(file), Files.readAllLines(Path.of(file)).findAll { !it.startsWith("$name:") })
        }
    }
}
