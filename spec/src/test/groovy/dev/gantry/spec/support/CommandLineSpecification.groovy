package dev.gantry.spec.support

import com.fasterxml.jackson.databind.ObjectMapper
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/** The command line on a bundle, each command a process of its own; a feature leaves nothing on the host. */
@LeavesNoTrace({ stateRoot })
@Timeout(value = 180, unit = TimeUnit.SECONDS)
abstract class CommandLineSpecification extends Specification {
    protected static final ObjectMapper JSON = new ObjectMapper()
    @Shared @TempDir protected Path dir
    @Shared protected Path bundle
    protected Path stateRoot = dir.resolve("state-${UUID.randomUUID()}")
    protected GantryCommand gantry

    def setupSpec() {
        bundle = Files.createDirectories(dir.resolve('bundle'))
        Busybox.rootfs(bundle.resolve('rootfs'))
        ['proc', 'dev', 'sys'].each { Files.createDirectories(bundle.resolve("rootfs/$it")) }
    }

    def setup() {
        gantry = new GantryCommand(stateRoot, bundle)
        Files.deleteIfExists(bundle.resolve('config.json'))
    }

    def cleanup() {
        gantry.run('list', '-q').out.readLines().each { gantry.run('delete', '--force', it) }
    }

    protected static int call(Path directory, Object... command) {
        new Command(command).at(directory).ok()
        0
    }

    /** Whether there is more of a process than its remains, which its parent has to take away. */
    protected static boolean runs(pid) {
        try {
            !(new File("/proc/$pid/stat").text =~ /\) [ZX] /)
        } catch (IOException gone) {
            false
        }
    }

    protected void edit(Closure change) {
        def file = bundle.resolve('config.json')
        def config = JSON.readValue(file.toFile(), Map)
        config.process.terminal = false
        change(config)
        JSON.writeValue(file.toFile(), config)
    }

    protected Map state(String id) {
        JSON.readValue(gantry.run('state', id).out, Map)
    }

    protected static boolean waitUntil(Closure<Boolean> condition) {
        Eventually.within(5, condition)
    }

    protected int pid(String id) {
        state(id).pid as int
    }
}
