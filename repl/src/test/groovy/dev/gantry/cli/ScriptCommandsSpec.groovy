package dev.gantry.cli

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir

/** compile, check, diff and decompile: commands about definitions, which make nothing. */
class ScriptCommandsSpec extends Specification {
    static final TWO = "def program = param('program', default: 'false')\n" +
            "container('a') { rootfs dir('r'); process { args 'true' } }\n" +
            "container('b') { rootfs dir('r'); process { args program } }\n"

    @TempDir Path dir
    private final out = new ByteArrayOutputStream()
    private final err = new ByteArrayOutputStream()

    private int run(Object... args) {
        new Main(new PrintStream(out, true), new PrintStream(err, true)).run(args*.toString() as String[])
    }

    private Path file(String name, String text) {
        Files.writeString(dir.resolve(name), text)
    }

    def "compile writes a bundle for each container, the same bytes each time"() {
        given:
        def script = file('x.ctr.groovy', TWO)

        expect:
        run('compile', script, '-o', dir.resolve('one')) == 0
        run('compile', '-P', 'program=false', '-o', dir.resolve('two'), script) == 0
        err.toString() == ''
        ['a', 'b'].every {
            Files.mismatch(dir.resolve("one/$it/config.json"), dir.resolve("two/$it/config.json")) == -1
        }
        dir.resolve('one/a').toFile().list() == ['config.json']
    }

    def "check of a bundle reports what is wrong with it, as run does"() {
        given:
        def config = """{"ociVersion": "1.0.2", "root": {"path": "r"},
            "process": {"args": ["x"], "cwd": "/", "user": {"uid": 0, "gid": 0}},
            "linux": {"namespaces": [{"type": "user"}],
            "gidMappings": [{"containerID": 0, "hostID": 0, "size": 1}], "uidMappings":
            [{"containerID": 0, "hostID": 0, "size": 10}, {"containerID": 5, "hostID": 100, "size": 10}]}}"""
        def bundle = file('config.json', config).parent

        expect:
        run('check', bundle) == 1
        err.toString() == "$bundle: error: container ids overlap those of `uidMappings[0]` [linux.uidMappings[1]]\n"
    }

    def "#command shows each mistake of a script by its place alone"() {
        given:
        def script = file('x.ctr.groovy', 'foo()\nbar()\n')

        expect:
        run(command, script, *more) == 1
        err.toString().readLines().findAll { it.contains('error') } == [
                "$script:1:1: error: script: unknown keyword `foo`".toString(),
                "$script:2:1: error: script: unknown keyword `bar`".toString()]

        where:
        command   | more
        'check'   | []
        'explain' | []
        'compile' | ['-o', 'never']
        'diff'    | ['x.ctr.groovy']
    }

    def "compile tells what other runtimes will not make of the bundle"() {
        expect:
        run('compile', file('x.ctr.groovy', "container('a') { hooks { poststart { } } }"), '-o', dir.resolve('b')) == 0
        err.toString().readLines() == [
                'gantry: warning: container `a` has the rootfs `host()`, which only Gantry makes, ' +
                'with --trust-annotations',
                'gantry: warning: container `a` has no `args`, which only Gantry runs, with --trust-annotations',
                'gantry: warning: container `a` has closures as hooks, which only Gantry calls, ' +
                'and only from the script',
        ]
    }

    def "compile of a pod tells that its namespaces are not there yet"() {
        given:
        def script = file('x.ctr.groovy', "pod('p') { share 'network', 'ipc'\n" +
            "container('a') { rootfs dir('r'); process { args 'true' } } }")

        expect:
        run('compile', script, '-o', dir.resolve('b')) == 0
        err.toString().readLines() == [
                'gantry: warning: container `p` has the rootfs `empty()`, which only Gantry makes, ' +
                'with --trust-annotations',
                'gantry: warning: container `p` has no `args`, which only Gantry runs, with --trust-annotations',
                'gantry: warning: container `a` joins namespaces of a pod, which only a script makes; ' +
                'hint: bind them to `/run/gantry/pods/p/net` and its siblings before',
        ]
        dir.resolve('b').toFile().list().toSorted() == ['a', 'p']
        new File(dir.toFile(), 'b/a/config.json').text.contains('"/run/gantry/pods/p/net"')
    }

    def "check tells the mistakes of all definitions, and nothing of a good script"() {
        given:
        def bad = file('bad.ctr.groovy', "container('a') { hostnam 'x' }\ncontainer('b') { process { argz 'x' } }\n")

        expect:
        run('check', file('good.ctr.groovy', TWO)) == 0
        err.toString() == ''
        run('check', bad) == 1
        err.toString().readLines().findAll { it.contains(': error: ') }*.replace("$bad", 'bad') == [
                'bad:1:18: error: container: unknown keyword `hostnam`; did you mean `hostname`?',
                'bad:2:28: error: process: unknown keyword `argz`; did you mean `args`?',
        ]
        dir.toFile().list().toSorted() == ['bad.ctr.groovy', 'good.ctr.groovy']
    }

    def "check goes on past commands, and to the next file after one that fails"() {
        given:
        def failing = file('failing.ctr.groovy', "throw new IllegalStateException('early')\n")
        def late = file('on.ctr.groovy', "def box = container('a').start()\nif (box.exec('x').exit == 0) {\n" +
            "    box.exec('y', user: '-m')\n}\ncontainer('b') { process { cwd 'src' } }\n")

        expect:
        run('check', failing, late) == 1
        err.toString().replace("$dir/", '') == """\
            gantry: early [failing.ctr.groovy:1]
            on.ctr.groovy:3:26: error: container: `user` of `exec` must be a name or a number, or 'user:group', not `-m`
              3 |     box.exec('y', user: '-m')
                |                          ^^
            on.ctr.groovy:5:33: error: process: `cwd` must be an absolute path, not `src`
              5 | container('b') { process { cwd 'src' } }
                |                                 ^^^
            """.stripIndent()
        dir.toFile().list().toSorted() == ['failing.ctr.groovy', 'on.ctr.groovy']
    }

    def "#command loads no native code"() {
        given:
        def script = file('x.ctr.groovy', TWO + "container('c').start().exec('true').check()\n")
        def java = Path.of(System.getProperty('java.home'), 'bin/java').toString()
        def line = [java, '-Xlog:class+load:stdout', '-cp', System.getProperty('java.class.path'),
            'dev.gantry.cli.Main', command, *options, script.toString()]
        def process = new ProcessBuilder(line*.toString()).directory(dir.toFile()).redirectErrorStream(true).start()

        when:
        def loaded = process.inputStream.readLines().findAll { it.contains('source:') }

        then:
        process.waitFor() == 0
        loaded.any { it.contains('dev.gantry.dsl.live.CtrScript ') }
        loaded.findAll { it.contains('com.kenai.jffi.') || it.contains('dev.gantry.kernel.jnr.') } == []

        where:
        command   | options
        'check'   | []
        'compile' | ['-o', 'bundles']
    }

    def "explain takes parameters and shows the line of each step"() {
        expect:
        run('explain', '-P', 'name=called', file('x.ctr.groovy', "def name = param('name', default: 'usual')\n" +
            "container('a') {\n    hostname name\n    mounts {\n        tmpfs '/cache'\n    }\n}\n")) == 0
        out.toString().readLines().findAll { it.contains('x.ctr.groovy') }*.replace("$dir/", '')
                *.replaceFirst(/^ *\d+ +/, '') == [
                'init     mount `tmpfs` on `/cache` (nodev,nosuid)  [mounts[7], x.ctr.groovy:5]',
                'init     set hostname `called`  [hostname, x.ctr.groovy:3]',
        ]
    }

    def "diff compares with parameters"() {
        given:
        def one = file('one.ctr.groovy', "def n = param('n', default: 5)\ncontainer('a') { resources { pids n } }")
        def two = file('two.ctr.groovy', "def n = param('n', default: 6)\ncontainer('a') { resources { pids n } }")

        expect:
        run('diff', '-P', 'n=7', one, two) == 0
        out.toString() == ''
        run('diff', one, two) == 1
        out.toString() == '~ linux.resources.pids.limit: 5 -> 6\n'
    }

    def "diff says what changes, property by property, and by its status whether anything does"() {
        given:
        def a = file('a.ctr.groovy', "container('a') { process { cwd '/x' }; resources { pids 5 } }")
        def b = file('b.ctr.groovy', "container('a') { process { cwd '/y' }; domainname 'd' }")

        expect:
        run('diff', a, a) == 0
        out.toString() == ''
        run('diff', a, b) == 1
        out.toString().readLines() == [
                '+ domainname: "d"',
                '- linux.resources.pids.limit: 5',
                '~ process.cwd: "/x" -> "/y"',
        ]
    }

    def "what decompile prints of a bundle compiles to the same bytes"() {
        given:
        def script =
            file('x.ctr.groovy', "container('a') { preset 'hardened'; rootfs dir('r'); process { args 'true' } }")

        when:
        run('compile', script, '-o', dir.resolve('a'))
        run('decompile', dir.resolve('a'))
        run('compile', file('y.ctr.groovy', out.toString()), '-o', dir.resolve('again'))

        then:
        err.toString() == ''
        Files.readString(dir.resolve('again/config.json')) == Files.readString(dir.resolve('a/config.json'))
    }
}
