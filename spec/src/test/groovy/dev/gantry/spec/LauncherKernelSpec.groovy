package dev.gantry.spec

import com.fasterxml.jackson.databind.ObjectMapper
import dev.gantry.spec.support.Busybox
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spec.support.Outcome
import dev.gantry.spock.RequiresKernel
import java.nio.charset.StandardCharsets
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

    def "it works where the working directory is gone"() {
        given:
        def gone = Files.createDirectory(dir.resolve('gone'))
        def script = "cd $gone && rmdir $gone && exec $GantryCommand.LAUNCHER --root $dir/state list -q"
        def outcome = new Command('sh', '-c', script).run()

        expect: 'a word of the shell at most, which looks for the directory too'
        outcome.err ==~ /(.*getcwd\(\) failed.*\n)?/
        outcome.exit == 0
    }

    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    def "bytes arrive as they were given, with #locale and #java"() {
        given:
        definesBundle('sleep', '100')
        def json = new ObjectMapper()
        def config = json.readValue(dir.resolve('config.json').toFile(), Map)
        config.root = [path: dir.resolve('rootfs').toString(), readonly: false]
        config.hooks = [createRuntime: [
            [path: '/bin/busybox', args: ['sort', '-z', '-o', "$dir/hook".toString(), '/proc/self/environ']]
        ]]
        json.writeValue(dir.resolve('config.json').toFile(), config)
        def script = """
            b=\$(printf 'b\\303\\274\\377'); x=\$(printf 'x\\303\\274\\377\\342\\202\\254')
            mkdir -p "\$b"; cp config.json "\$b/"
            gantry() { $GantryCommand.LAUNCHER --root "\$b/state" --log "\$b/log" "\$@"; }
            gantry run -d --bundle "\$b" --pid-file "\$b/pid" c </dev/null >/dev/null || exit
            kill -0 "\$(cat "\$b/pid")" && test -f "\$b/log" && echo found
            gantry exec c mkdir -p "/tmp/\$x"
            gantry exec --env "E=\$x" --cwd "/tmp/\$x" c sh -c 'printf "%s\\n" "\$1" "\$E" "\$PWD"' sh "\$x"
            gantry state c | grep -c '"bundle": ".*udcff"'
            gantry delete -f c
            echo "println 'b' + args" >"\$b/\$b.ctr.groovy"
            gantry "\$b/\$b.ctr.groovy" "\$b"
            echo "container('c') { rootfs empty() }" >"\$b/c.ctr.groovy"
            gantry compile -o "\$b/\$b" "\$b/c.ctr.groovy" 2>/dev/null && test -f "\$b/\$b/config.json" && echo compiled
            cat >"\$b/p.ctr.groovy" <<'END'
            def n = param('n')
            def box = container('p') { }
            box.start()
            box.fs['/tmp/' + n].text = 'copied'
            box.copyOut('/tmp/' + n, n)
            println n + box.fs['/tmp'].list().contains(n)
            END
            gantry "\$b/p.ctr.groovy" -P "n=\$x" && cat "\$b/\$x" && echo
            gantry check "\$x.groovy"; echo \$?
            cd "\$b" || exit
            gantry() { $GantryCommand.LAUNCHER --root state --log log2 "\$@"; }
            gantry run -d --pid-file pid2 d </dev/null >/dev/null && kill -0 "\$(cat pid2)" && test -f log2 && echo here
            gantry state d | grep -c '"bundle": ".*udcff"'
            gantry delete -f d; test -d state && echo state
            gantry compile -o here c.ctr.groovy 2>/dev/null && test -f here/config.json &&
                gantry check c.ctr.groovy && echo checked
            cd ..
            rm -rf "\$b"
        """.stripIndent()

        when:
        def process = new Command('sh', '-c', script).at(dir)
                .exactly([JAVA_HOME: java, PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: dir.toString()] + locale)
                .start()
        process.outputStream.close()
        def out = new String(process.inputStream.bytes, 'ISO-8859-1').readLines()
        def err = process.errorStream.text

        then:
        err.readLines().size() == 1
        err.endsWith('no such script: `x\u00fc\\udcff\u20ac.groovy`\n')
        out == ['found', 'x\u00c3\u00bc\u00ff\u00e2\u0082\u00ac', 'x\u00c3\u00bc\u00ff\u00e2\u0082\u00ac',
                '/tmp/x\u00c3\u00bc\u00ff\u00e2\u0082\u00ac', '1', 'b[b\u00c3\u00bc\u00ff]', 'compiled',
                'x\u00c3\u00bc\u00ff\u00e2\u0082\u00actrue', 'copied', '1', 'here', '1', 'state', 'checked']
        Files.readString(dir.resolve('hook'), StandardCharsets.ISO_8859_1).split('\0').toList()
            .findAll { it =~ /^(LC_|LANG|GANTRY)/ } == locale.collect { "$it.key=$it.value".toString() }

        where:
        [locale, java] << [[[:], [LC_ALL: 'C'], [LC_ALL: ''], [LANG: 'nosuch.UTF-8']],
                           ['/usr/lib/jvm/java-17-openjdk-amd64', '/usr/lib/jvm/temurin-25-jdk-amd64']
                           .findAll { Files.exists(Path.of(it)) }].combinations()
    }

    private Outcome copied(Path home, String... command = ['--version']) {
        Files.createDirectories(home)
        gantry.program = Files.copy(GantryCommand.LAUNCHER, home.resolve('gantry'))
        gantry.run(command)
    }

    private static void looksLikeCheckout(Path home) {
        ['pom.xml', 'native/pom.xml', 'runtime/pom.xml', 'dsl/pom.xml', 'repl/pom.xml',
                'native/src/main/c/gantry-init.c'].each {
            Files.createDirectories(home.resolve(it).parent)
            Files.writeString(home.resolve(it), '<groupId>dev.gantry</groupId>')
        }
        home.resolve('mvnw').toFile().with { text = '#!/bin/sh\n>"${0%/*}/ran"\n'; executable = true }
    }

    private static void change(Path path, String... command) {
        Command.ok(command.toList(), path)
    }

    def "a copy builds nothing where no checkout is: #what"() {
        given:
        def home = dir.resolve("no-checkout-$name")
        Files.createDirectories(home)
        if (name != 'empty') {
            looksLikeCheckout(home)
            name == 'other' ? Files.writeString(home.resolve('pom.xml'), '<project/>') :
                Files.delete(home.resolve('dsl/pom.xml'))
        }
        gantry.environment = [PATH: "$home:${System.getenv('PATH')}".toString()]
        def mvn = Files.createSymbolicLink(home.resolve('mvn'), home.resolve('mvnw'))

        expect:
        with(copied(home)) {
            exit == 125
            out == ''
            err == "gantry: `$home` is no checkout of Gantry: $missing\n"
        }
        !Files.exists(home.resolve('ran'))

        cleanup:
        Files.deleteIfExists(mvn)

        where:
        name    | what                | missing
        'empty' | 'nothing beside it' | '`pom.xml` is missing; link to the launcher in a checkout, do not copy it'
        'part'  | 'a part is missing' | '`dsl/pom.xml` is missing; link to the launcher in a checkout, do not copy it'
        'other' | 'the project is another one' | "its `pom.xml` is another project's"
    }

    def "it builds no checkout in which another user could change #file by #command"() {
        given:
        def home = dir.resolve('checkout' + index)
        looksLikeCheckout(home)
        change(home.resolve(file), command as String[])
        gantry.environment = [PATH: "$home:${System.getenv('PATH')}".toString()]
        Files.createSymbolicLink(home.resolve('mvn'), home.resolve('mvnw'))

        expect:
        with(copied(home)) {
            exit == 125
            err == "gantry: `${home.resolve(file).normalize()}` belongs to another user or can be changed by one; " +
                    'use a checkout that only you or root can write\n'
        }
        !Files.exists(home.resolve('ran'))

        where:
        index | file          | command
        0     | ''            | ['chmod', 'o+w']
        1     | ''            | ['chmod', '1777']
        2     | 'dsl/pom.xml' | ['chmod', 'o+w']
        3     | 'mvnw'        | ['chown', '12345']
        4     | 'native/src'  | ['chown', '12345']
    }

    /** A checkout that was built a minute ago; its Maven does nothing, and leaves a file that says so. */
    private static void looksBuilt(Path home) {
        looksLikeCheckout(home)
        ['native', 'runtime', 'dsl', 'repl'].each { Files.createDirectories(home.resolve("$it/src/main")) }
        Files.writeString(home.resolve('dsl/src/main/A.java'), '')
        Files.createSymbolicLink(home.resolve('mvn'), home.resolve('mvnw'))
        Files.walk(home).withCloseable { walk -> walk.filter { !Files.isSymbolicLink(it) }.each { at(it, 120) } }
        ['lib/gantry.jar', 'jni/x/libjffi.so'].each {
            def file = home.resolve("repl/target/dist/$it")
            Files.createDirectories(file.parent)
            at(Files.writeString(file, 'none'), 60)
        }
    }

    private static void at(Path file, int secondsAgo) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(secondsAgo)))
    }

    def "it builds again, once, when #file has changed"() {
        given:
        def home = dir.resolve("outdated$index")
        looksBuilt(home)
        gantry.environment = [PATH: "$home:${System.getenv('PATH')}".toString()]

        expect: 'nothing is newer'
        !copied(home, 'check', 'x').err.contains('building')
        !Files.exists(home.resolve('ran'))

        when:
        at(home.resolve(file), 0)
        def first = gantry.run('check', 'x')
        def ran = Files.deleteIfExists(home.resolve('ran'))
        def second = gantry.run('check', 'x')

        then:
        first.err.readLines()[0] == "gantry: building again: `$file` has changed"
        ran
        !second.err.contains('building')
        !Files.exists(home.resolve('ran'))

        where:
        index | file
        0     | 'dsl/src/main/A.java'
        1     | 'dsl/src/main' // a file that is gone
        2     | 'native/pom.xml'
    }

    def "it does not build again what another user could change: #file by #command"() {
        given:
        def home = dir.resolve("outdated-foreign$index")
        looksBuilt(home)
        at(home.resolve('dsl/src/main/A.java'), 0)
        change(home.resolve(file), command as String[])
        gantry.environment = [PATH: "$home:${System.getenv('PATH')}".toString()]

        expect:
        with(copied(home, 'check', 'x')) {
            exit == 125
            err == "gantry: `${home.resolve(file)}` belongs to another user or can be changed by one; " +
                    'use a checkout that only you or root can write\n'
        }
        !Files.exists(home.resolve('ran'))

        where:
        index | file                    | command
        0     | 'dsl/src/main/A.java'   | ['chown', '12345']
        1     | 'runtime/src/main'      | ['chmod', 'o+w']
        2     | 'mvnw'                  | ['chown', '12345']
    }

    def "it does not build again #what"() {
        given:
        def home = dir.resolve("outdated-not$index")
        looksBuilt(home)
        at(home.resolve('dsl/src/main/A.java'), 0)
        if (foreign) {
            change(home.resolve('repl/target/dist/lib/gantry.jar'), 'chown', '12345')
        }
        gantry.environment = [PATH: "$home:${System.getenv('PATH')}".toString()]

        expect:
        copied(home, *command).err.readLines()[0].startsWith(said)
        !Files.exists(home.resolve('ran'))

        where:
        index | what                         | foreign | command        || said
        0     | 'for a command of an engine' | false   | ['state', 'x'] || 'Error: '
        1     | 'what another user built'    | true    | ['check', 'x'] ||
            'gantry: warning: `dsl/src/main/A.java` is newer than what runs, which another user has built'
    }

    def "it loads nothing that another user could change: #file by #command"() {
        given:
        def home = Files.createDirectories(dir.resolve("loaded$index/home"))
        def lib = Files.createDirectories(home.resolve('repl/target/dist/lib'))
        Files.createDirectories(home.resolve('repl/target/dist/jni/x'))
        Files.writeString(lib.resolve('gantry.jar'), 'none')
        Files.writeString(home.resolve('repl/target/dist/jni/x/libjffi.so'), 'none')
        caches('commands').each { Files.writeString(home.resolve("repl/target/dist/$it.fileName"), 'none') }
        def changed = file == '*' ? home.resolve("repl/target/dist/${cache('commands', 'list').fileName}") :
            home.resolve(file).normalize()
        if (file == '*') {
            Files.writeString(changed, 'none')
        }
        change(changed, command as String[])

        expect:
        with(copied(home)) {
            exit == 125
            err == "gantry: `$changed` belongs to another user or can be changed by one; " +
                "use a checkout that only you or root can write\n"
        }

        where:
        index | file                              | command
        0     | ''                                | ['chmod', 'o+w']
        1     | '..'                              | ['chmod', 'o+w']
        2     | 'repl/target'                     | ['chown', '12345']
        3     | 'repl/target/dist'                | ['chmod', '1777']
        4     | 'repl/target/dist/lib/gantry.jar' | ['chown', '12345']
        5     | 'repl/target/dist/jni/x/libjffi.so' | ['chmod', 'o+w']
        6     | '*'                               | ['chown', '12345']
    }

    def "a directory above like /tmp does no harm"() {
        given:
        def above = Files.createDirectories(dir.resolve('sticky'))
        change(above, 'chmod', '1777')
        looksLikeCheckout(above.resolve('home'))

        when:
        def outcome = copied(above.resolve('home'))

        then:
        !outcome.err.contains('another user')

        and:
        outcome.err.contains('building')
    }

    def "#what inherits from the caller, not from the JVM: limits, nice value, OOM score, timer slack, personality"() {
        given:
        def own = ['limits', 'oom_score_adj', 'timerslack_ns', 'personality'].collect { "/proc/self/$it" }.join(' ')
        def shown = "cat $own; cut -d ' ' -f 19 /proc/self/stat".toString()
        definesBundle('sh', '-c', what == 'a container' ? shown : 'sleep 1000')
        def config = new ObjectMapper().readValue(dir.resolve('config.json').toFile(), Map)
        config.process.remove('rlimits')
        config.process.remove('oomScoreAdj')
        def heard = dir.resolve('heard')
        if (what == 'a hook') {
            config.hooks =
                [createRuntime: [[path: '/bin/busybox', args: ['sh', '-c', "{ $shown; } >$heard".toString()]]]]
        }
        new ObjectMapper().writeValue(dir.resolve('config.json').toFile(), config)

        and: 'a caller with values that are nobody\'s default'
        def caller = dir.resolve('caller').toFile()
        caller.text = """#!/bin/busybox sh
            ulimit -Sn 777; ulimit -Ss 7777; ulimit -Sc 7
            echo 77 >/proc/self/oom_score_adj
            exec nice -n 3 "\$@"
            """.stripIndent()
        caller.executable = true
        def program = dir.resolve('limited').toFile()
        program.text = "#!/bin/busybox sh\nexec $caller $GantryCommand.LAUNCHER \"\$@\"\n"
        program.executable = true
        gantry.program = program.toPath()
        def expected = [caller.toString(), 'busybox', 'sh', '-c', shown].execute().text

        when:
        def id = 'inherits'
        def made = what == 'a container' ? gantry.run('run', '--bundle', dir.toString(), id)
                : gantry.run('run', '--detach', '--bundle', dir.toString(), id)
        def got = what == 'a container' ? made.out
                : what == 'a hook' ? Files.readString(heard) : gantry.run('exec', id, 'sh', '-c', shown).out

        then:
        made.exit == 0
        expected =~ /Max open files\s+777 /
        got == expected

        cleanup:
        gantry.run('delete', '--force', id)

        where:
        what << ['a container', 'a process that is added', 'a hook']
    }

    def "JVM options of the environment reach nobody"() {
        given:
        gantry.environment = System.getenv() + [JAVA_TOOL_OPTIONS: '-Xbogus', JDK_JAVA_OPTIONS: '-Xbogus',
                JDK_AOT_VM_OPTIONS: '-Xbogus', _JAVA_OPTIONS: '-Xbogus', _JAVA_LAUNCHER_DEBUG: '1']

        expect:
        works()
    }

    def "what lies in the working directory is without effect and without a word, with #java"() {
        given: 'files that a JVM looks for there, or could'
        def place = Files.createDirectories(dir.resolve("hostile-$java.fileName/dev/gantry/cli"))
        Files.writeString(place.resolve('Main.class'), 'none')
        place = place.parent.parent.parent
        Files.writeString(place.resolve('.hotspotrc'), '+PrintFlagsFinal\n')
        Files.writeString(place.resolve('.hotspot_compiler'), 'print *.*\n')
        ['logback.xml', 'logging.properties', 'java.security', 'gantry.jar', 'libjffi-1.2.so']
            .each { Files.writeString(place.resolve(it), 'none') }

        when:
        def outcome = new Command(GantryCommand.LAUNCHER, gantry.globals, 'list', '-q').at(place)
            .adding(JAVA_HOME: java).run()

        then:
        outcome.toString() == 'exit 0\nout: \nerr: '

        where:
        java << ['/usr/lib/jvm/java-17-openjdk-amd64', '/usr/lib/jvm/temurin-25-jdk-amd64'].collect(Path.&of)
            .findAll(Files.&exists)
    }

    def "the arguments of the JVM do not grow with the descriptors of the caller: #count"() {
        given: 'one argument has room for 128 KiB, execve(2)'
        definesBundle('sleep', '1000')
        def opening = """
            import os, resource, sys
            resource.setrlimit(resource.RLIMIT_NOFILE, ($count + 200, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
            for number in range(3, $count + 3):
                os.dup2(0, number)
            os.execv(sys.argv[1], sys.argv[1:])
            """.stripIndent()
        def process = new Command('python3', '-c', opening, GantryCommand.LAUNCHER, gantry.globals, 'run',
                '--preserve-fds', count, '--bundle', dir, 'many').start(dir.resolve('said'))

        when:
        while (!gantry.run('state', 'many').out.contains('"running"')) {
            assert process.alive: Files.readString(dir.resolve('said'))
        }
        def fds = Files.readString(Path.of("/proc/${process.pid()}/cmdline")).split('\0')
            .find { it.startsWith('-Dgantry.fds=') }

        then:
        fds == "-Dgantry.fds=${count + 3}"

        cleanup:
        gantry.run('delete', '--force', 'many')
        process.waitFor()

        where:
        count << [5, 3000]
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
        'scripts'  |
            ['explain', GantryCommand.LAUNCHER.resolveSibling('examples/hello.ctr.groovy').toString()] as String[]
    }

    def "the JVM of a command maps the cache"() {
        given:
        definesBundle('sleep', '1000')
        def cache = cache('commands', 'list')
        def process = new Command(GantryCommand.LAUNCHER, gantry.globals, 'run', '--bundle', dir, 'c').merged().start()

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

    def "a cache that cannot be made is done without, in silence, with #java"() {
        given: 'a JVM that makes none'
        def home = Files.createDirectories(dir.resolve("none-$java.fileName/bin")).parent
        Files.writeString(home.resolve('release'), java.resolve('release').toFile()
            .text.replaceAll('(JAVA_RUNTIME_VERSION="[^"]*)', '$1-none'))
        def program = home.resolve('bin/java').toFile()
        program.text = """#!/bin/sh
            case "\$*" in *AOTMode*|*ArchiveClassesAtExit*) exit 1 ;; esac
            exec $java/bin/java "\$@"
            """.stripIndent()
        program.executable = true
        gantry.environment = System.getenv() + [JAVA_HOME: home.toString()]

        expect:
        works()
        caches('commands').findAll { it.toString().contains('-none') }*.toFile()*.length() == [0]

        cleanup:
        caches('commands').findAll { it.toString().contains('-none') }.each { Files.delete(it) }

        where:
        java << ['/usr/lib/jvm/java-17-openjdk-amd64', '/usr/lib/jvm/temurin-25-jdk-amd64'].collect(Path.&of)
            .findAll(Files.&exists)
    }

    def "who may open few files makes no cache, and leaves it to the next one"() {
        given:
        def cache = cache('commands', 'list')
        Files.delete(cache)

        when:
        def few = new Command('sh', '-c', "ulimit -n 48; exec $GantryCommand.LAUNCHER --version").run()

        then:
        few.out.startsWith('gantry version ')
        few.exit == 0
        !Files.exists(cache)

        and:
        works()
        Files.size(cache) > 1_000_000
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
        def outcome = new Command(java, '-Xlog:class+load', native_, '-cp', "$DIST/lib/gantry.jar",
                'dev.gantry.cli.Main', gantry.globals, words.toList()).merged().run()
        def loaded = outcome.out.readLines().findAll { it.contains(' source: ') }

        then:
        outcome.exit == 0
        loaded.any { it.contains('dev.gantry.cli.Main') }
        loaded.findAll { it =~ /groovy|jline|logback|dbus/ } == []

        where:
        command << ['run', 'list', 'features', 'delete --force none', '--version']
    }
}
