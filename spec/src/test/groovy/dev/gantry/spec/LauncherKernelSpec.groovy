package dev.gantry.spec

import com.fasterxml.jackson.databind.ObjectMapper
import dev.gantry.spec.support.Busybox
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.FileTime
import java.time.Instant
import java.util.concurrent.TimeUnit
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/** What stands between a caller and the command line: the script `gantry`, the JVM it finds, and what that maps. */
@RequiresKernel(programs = ['busybox:busybox-static'])
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LauncherKernelSpec extends Specification {
    private static final Path DIST = GantryCommand.LAUNCHER.resolveSibling('repl/target/dist')

    @Shared @TempDir Path dir
    private GantryCommand gantry = new GantryCommand(dir.resolve('state'), Path.of('/'))

    private void definesBundle(String... args) {
        Busybox.rootfs(dir.resolve('rootfs'))
        ['proc', 'dev', 'sys'].each { Files.createDirectories(dir.resolve("rootfs/$it")) }
        Files.deleteIfExists(dir.resolve('config.json'))
        assert gantry.run('spec', '--bundle', dir.toString()).exit == 0
        def json = new ObjectMapper()
        def config = json.readValue(dir.resolve('config.json').toFile(), Map)
        config.process.terminal = false
        config.process.args = args.toList()
        json.writeValue(dir.resolve('config.json').toFile(), config)
    }

    private static List<Path> caches(String kind) {
        DIST.toFile().listFiles().findAll { it.name ==~ /$kind-.*\.(jsa|aot)/ }*.toPath()
    }

    /** That of the JVM which the launcher finds for these tests: the one used last. */
    private Path cache(String kind, String... command) {
        caches(kind).each { Files.setLastModifiedTime(it, FileTime.from(Instant.EPOCH)) }
        assert gantry.run(command).exit == 0
        caches(kind).max { Files.getLastModifiedTime(it) }
    }

    private boolean works() {
        gantry.run('--version').with { exit == 0 && err == '' && out.startsWith('gantry version ') }
    }

    def "it works through a symlink, from anywhere, with no environment"() {
        given:
        gantry.program = Files.createSymbolicLink(dir.resolve('g'), GantryCommand.LAUNCHER)
        gantry.environment = [:]

        expect:
        gantry.run('--version').out.readLines()*.find(/^\S+( version|:)?/) == ['gantry version', 'commit:', 'spec:']
    }

    def "it works from a directory with a blank in its name"() {
        given:
        def home = Files.createDirectories(dir.resolve('my programs'))
        gantry.program = Files.copy(GantryCommand.LAUNCHER, home.resolve('gantry'))
        Files.createSymbolicLink(home.resolve('repl'), GantryCommand.LAUNCHER.resolveSibling('repl'))

        expect:
        works()
    }

    def "JVM options of the environment reach nobody"() {
        given:
        gantry.environment = System.getenv() + [JAVA_TOOL_OPTIONS: '-Xbogus', JDK_JAVA_OPTIONS: '-Xbogus', _JAVA_OPTIONS: '-Xbogus']

        expect:
        works()
    }

    def "a cache of classes that is older than a jar is made again, for #kind"() {
        when:
        def cache = cache(kind, command)

        then:
        Files.size(cache) > 1_000_000
        Files.getLastModifiedTime(cache).toInstant().isAfter(Instant.now().minusSeconds(60))

        and:
        !caches(kind).any { it.toString() ==~ /.*\.\d+/ }

        where:
        kind       | command
        'commands' | ['list'] as String[]
        'scripts'  | ['explain', GantryCommand.LAUNCHER.resolveSibling('examples/hello.ctr.groovy').toString()] as String[]
    }

    def "the JVM of a command maps the cache"() {
        given:
        definesBundle('sleep', '1000')
        def cache = cache('commands', 'list')
        def process = new ProcessBuilder(GantryCommand.LAUNCHER.toString(), *gantry.globals, 'run', '--bundle', dir.toString(), 'c')
                .redirectErrorStream(true)
                .start()

        when:
        while (!gantry.run('state', 'c').out.contains('"running"')) {
            assert process.alive
        }

        then:
        Files.readString(Path.of("/proc/${process.pid()}/maps")).contains(cache.toString())

        cleanup:
        gantry.run('delete', '--force', 'c')
        process.waitFor()
    }

    def "a cache that is none is passed over in silence"() {
        given:
        def cache = cache('commands', 'list')
        Files.delete(cache)
        Files.writeString(cache, content)

        expect:
        works()

        cleanup:
        Files.delete(cache)

        where:
        content << ['', 'not a cache\n' * 1000]
    }

    def "the OCI command `#command` loads neither Groovy nor JLine"() {
        given:
        definesBundle('true')
        def words = command.tokenize() + (command == 'run' ? ['--bundle', dir.toString(), 'c'] : [])
        def java = Path.of(System.getProperty('java.home'), 'bin', 'java').toString()
        def native_ = "-Djffi.boot.library.path=$DIST/jni/${'uname -m'.execute().text.trim()}-Linux"

        when:
        def process = new ProcessBuilder(java, '-Xlog:class+load', native_.toString(), '-cp', "$DIST/lib/gantry.jar",
                'dev.gantry.cli.Main', *gantry.globals, *words).redirectErrorStream(true).start()
        def loaded = process.inputStream.readLines().findAll { it.contains(' source: ') }

        then:
        process.waitFor() == 0
        loaded.any { it.contains('dev.gantry.cli.Main') }
        loaded.findAll { it =~ /groovy|jline|logback|dbus/ } == []

        where:
        command << ['run', 'list', 'features', 'delete --force none', '--version']
    }
}
