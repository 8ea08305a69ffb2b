package dev.gantry.dsl

import java.nio.file.Path
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir

/** What users are told about scripts that are wrong: the whole text, and the same in both modes. */
class WrongScriptsSpec extends Specification {
    private static final LEAST = 80
    private static final DECLARE = '; hint: declare its type, or opt out of checks by a line with `// @dynamic` alone'

    @Shared int told

    @TempDir
    Path dir

    def cleanup() {
        told++
    }

    def cleanupSpec() {
        assert told >= LEAST: "only $told wrong scripts are tried"
    }

    def "wrong in a definition: #body"() {
        expect:
        new Scripts(dir).complaints("container('box') {\n$body\n}\n") ==
            [Scripts.mistake(3, body, column, length, text)] * 2

        where:
        body                                      || column | length | text
        "hostnam 'box'"                           ||
            1      | 7      | 'container: unknown keyword `hostnam`; did you mean `hostname`?'
        "memory 256.MiB"                          ||
            1      | 6      | 'container: unknown keyword `memory`; hint: it belongs in `resources { }`'
        "memori 256.MiB"                          ||
            1      | 6      | 'container: unknown keyword `memori`; did you mean `memory` in `resources { }`?'
        "xyzzy 1"                                 || 1      | 5      | 'container: unknown keyword `xyzzy`'
        "container('inner') { }"                  ||
            1      | 9      | 'container: unknown keyword `container`; hint: it belongs in no block'
        "hostname 5"                              ||
            1      | 8      | "container: `hostname` cannot take a whole number; hint: write `hostname 'box'`"
        "hostname null"                           ||
            1      | 8      | "container: `hostname` needs a value; hint: write `hostname 'box'`"
        "hostname()"                              ||
            1      | 8      | "container: `hostname` needs a value; hint: write `hostname 'box'`"
        "hostname 'a'; hostname 'b'"              || 1      | 8      | 'container: `hostname` is already set, on line 3'
        "hostname = 'box'"                        ||
            1      | 8      | "container: `hostname` is a keyword, not a variable; hint: write `hostname 'box'`"
        "hostname nam"                            || 10     | 3      | 'container: unknown name `nam`'
        "rootfs 'alpine'" ||
            1      | 6      | 'container: `rootfs` cannot take text; hint: write `rootfs host()`'
        "rootfs image('alpine')" ||
            15 | 6 | "container: image `alpine` is not in the store; " +
                "hint: see `gantry images`; `gantry load FILE` adds one"
        "rootfs host(), readonly: 1" ||
            16     | 8      | 'container: `readonly` of `rootfs` must be true or false, not `1`'
        "rootfs host(), readOnly: true" ||
            16     | 8      | 'container: `rootfs` has no option `readOnly`; hint: write `readonly: true`'
        "publish 0" ||
            9      | 1      | 'container: `publish` must be a port from 1 to 65535, not `0`'
        "publish 80, to: 65536" ||
            13     | 2      | 'container: `to` of `publish` must be a whole number from 1 to 65535, not `65536`'
        "publish 80, address: 'here'" ||
            23     | 4      | "container: `publish` needs an IPv4 address such as '0.0.0.0', not `here`"
        "publish '80:80'" ||
            1      | 7      | 'container: `publish` cannot take text; hint: write `publish 8080, to: 18080`'
        "sysctl 'kernel.x': null" ||
            1      | 6      | "container: `sysctl` needs a value; hint: write `sysctl 'net.core.somaxconn': 512`"
        "namespaces { uts 'host' }; hostname 'x'" ||
            28     | 8      | "container: `hostname` would be that of the machine; hint: leave out `uts 'host'`"
        "process { args 1 }" ||
            11     | 4      | "process: `args` cannot take a whole number; hint: write `args 'sleep', 'infinity'`"
        "process { args() }" ||
            11     | 4      | "process: `args` needs a value; hint: write `args 'sleep', 'infinity'`"
        "process { cwd 'src' }" ||
            16     | 3      | 'process: `cwd` must be an absolute path, not `src`'
        "process { env 'a=b' }" ||
            11     | 3      | "process: `env` cannot take text; hint: write `env CI: 'true'`"
        "process { env 'a=b': 'c' }" ||
            16     | 3      | 'process: `env` cannot set a variable named `a=b`'
        "process { user uid: -1 }" ||
            16     | 3      | 'process: `uid` of `user` must be a whole number from 0 to 4294967295, not `-1`'
        "process { user 'root' }" ||
            11     | 4      | 'process: `user` cannot take text; hint: write `user uid: 1000, gid: 1000`'
        "process { user uid: 1, gidd: 2 }" ||
            24     | 4      | 'process: `user` has no option `gidd`; did you mean `gid`?'
        "process { user groups: 5 }" ||
            16 | 6 | 'process: `groups` of `user` must be a list of whole numbers from 0 to 4294967295, not `5`'
        "process { rlimit 'NOFILES', soft: 1, hard: 1 }" ||
            19 | 7   | 'process: `rlimit` knows no limit `NOFILES`; did you mean `NOFILE`?'
        "process { rlimit 'NOFILE', soft: 1 }" ||
            19     | 6      | 'process: `rlimit` needs both `soft:` and `hard:`'
        "process { rlimit 'NOFILE', soft: 2, hard: 1 }" ||
            19 | 6    | 'process: `rlimit` has a soft limit above the hard one'
        "process { rlimit 'NOFILE', soft: 'x', hard: 1 }" ||
            28 | 4  | "process: `soft` of `rlimit` must be a whole number or 'unlimited', not text"
        "process { noNewPrivileges 'yes' }" ||
            11     | 15     | 'process: `noNewPrivileges` cannot take text; hint: write `noNewPrivileges false`'
        "process { oomScoreAdj 5000 }" ||
            1      | 28     | 'container: `oomScoreAdj` must be from -1000 to 1000, not `5000`'
        "process { capabilities { drop 'FOO' } }" || 32     | 3      | 'capabilities: `drop` knows no capability `FOO`'
        "process { capabilities { add 'NET_ADMN' } }" ||
            31     | 8      | 'capabilities: `add` knows no capability `NET_ADMN`; did you mean `NET_ADMIN`?'
        "process { capabilities { add() } }"      ||
            26     | 3      | "capabilities: `add` needs a value; hint: write `add 'NET_BIND_SERVICE'`"
        "process { capabilities { drop 'KILL'; add 'KILL' } }" ||
            44     | 4      | 'capabilities: `add` contradicts an earlier line: `KILL` is both dropped and added'
        "mounts { bind '.' }"                     ||
            10     | 4      | "mounts: `bind` cannot take text; hint: write `bind '.', to: '/src', readonly: true`"
        "mounts { bind '.', readonly: true }"     || 10     | 4      | 'mounts: `bind` needs `to:`'
        "mounts { bind '.', to: 'src' }"          ||
            25     | 3      | 'mounts: `bind` needs an absolute path in the container, not `src`'
        "mounts { tmpfs '/a', size: 'lots' }"     ||
            29     | 4      | "mounts: `lots` is not a size; hint: write `64.MiB` or '64m'"
        "mounts { tmpfs '/a', mode: 99999 }"      ||
            22     | 4      | 'mounts: `mode` of `tmpfs` must be a whole number from 0 to 4095, not `99999`'
        "mounts { tmpfs '/a'; tmpfs '/a' }"       || 17     | 2      | 'mounts: `tmpfs` mounts `/a` again, after line 3'
        "mounts { mount to: '/a' }"               || 10     | 5      | 'mounts: `mount` needs `type:`'
        "mounts { ['a'].each { bindd it, to: '/x' } }" ||
            23     | 5      | 'mounts: unknown keyword `bindd`; did you mean `bind`?'
        "namespaces { network 'nat' }"            ||
            23     | 3      | "namespaces: `network` must be 'none', 'host' or an absolute path, not `nat`"
        "namespaces { pid 'none' }"               ||
            19     | 4      | "namespaces: `pid` must be 'new', 'host' or an absolute path, not `none`"
        "namespaces { user 'new' }"               ||
            20     | 3      | 'namespaces: a new user namespace needs id mappings; hint: write `user { }`'
        "namespaces { user { uidMapping hostID: 1, size: 1 } }" ||
            21     | 10     | 'user: `uidMapping` needs `containerID:`'
        "resources { memory 'lots' }"             ||
            21     | 4      | "resources: `lots` is not a size; hint: write `64.MiB` or '64m'"
        "resources { memory(-2) }"                || 20     | 2      | 'resources: a size cannot be negative: `-2`'
        "resources { memory true }"               ||
            13     | 6      | 'resources: `memory` cannot take true or false; hint: write `memory 256.MiB`'
        "resources { memory 2.s }"                ||
            13     | 6      | 'resources: `memory` cannot take a length of time; hint: write `memory 256.MiB`'
        "resources { memory 256.MB }"             || 24     | 2      | 'a whole number has no `MB`; did you mean `MiB`?'
        "resources { memory 2.MiB; memorySwap 1.MiB }" ||
            27     | 10     | 'resources: `memorySwap` counts memory and swap together, it cannot be less than `memory`'
        "resources { memory null }"               ||
            13     | 6      | 'resources: `memory` needs a value; hint: write `memory 256.MiB`'
        "resources { cpus 0 }"                    || 18     | 1      | 'resources: `cpus` must be 0.01 or more, not `0`'
        "resources { cpuShares 1 }"               ||
            23     | 1      | 'resources: `cpuShares` must be from 2 to 262144, not `1`'
        "resources { cpus 1; cpu quota: 5000 }"   ||
            25     | 5      | 'resources: `quota` of `cpu` is set by `cpus`; hint: leave out one of them'
        "resources { cpu quot: 5000 }"            ||
            17     | 4      | 'resources: `cpu` has no option `quot`; did you mean `quota`?'
        "resources { memory swappiness: 1; memory swappiness: 2 }" ||
            20     | 10     | 'resources: `swappiness` is already set, on line 3'
        "resources { pids 0 }"                    || 18     | 1      | 'resources: `pids` must be 1 or more, not `0`'
    }

    def "wrong outside of definitions, in both modes: #statement"() {
        expect:
        new Scripts(dir).complaints("def box = container('box') { }\n$statement\n") ==
            [Scripts.mistake(3, statement, column, length, text)] * 2

        where:
        statement             || column | length | text
        "contaner('a') { }"   || 1      | 8      | 'script: unknown keyword `contaner`; did you mean `container`?'
        "hostname 'a'"        ||
            1      | 8      | 'script: unknown keyword `hostname`; hint: it belongs in `container { }`'
        "container { }"       ||
            1 | 9 | "script: `container` cannot take a block; hint: write `container('box') { hostname 'box' }`"
        "container(null) { }" ||
            1      | 9      | "script: `container` needs a value; hint: write `container('box') { hostname 'box' }`"
        "exit 'now'"          || 1      | 4      | 'script: `exit` cannot take text; hint: write `exit 3`'
        "println nam"         || 9      | 3      | 'script: unknown name `nam`'
        "box.strat()"         || 5      | 5      | 'a container has no `strat`; did you mean `start`?'
        "println box.piid"    || 13     | 4      | 'a container has no `piid`; did you mean `pid`?'
        "box.exec(1)"         ||
            5      | 4      | "container: `exec` cannot take a whole number; hint: write `box.exec('id', '-u').text`"
        "'a'.foo(1)"          || 5      | 3      | 'text has no `foo`'
        "println 2.5.GB"      || 13     | 2      | 'a decimal number has no `GB`; did you mean `GiB`?'
    }

    def "wrong for the compiler's checks: #statement"() {
        expect:
        new Scripts(dir).complaint("$statement\n") ==
                Scripts.mistake(1, statement, column, length, text)

        where:
        statement                      || column | length | text
        "int i = 'x'"                  || 1      | 11     | 'text does not fit a variable for a whole number'
        "def f(x) { container('a') { cwd x } }" ||
            29     | 3      | 'container: unknown keyword `cwd`; hint: it belongs in `process { }`'
        "container('a').delete(forse: true)" ||
            23     | 5      | 'container: `delete` has no option `forse`; did you mean `force`?'
        "container('a').exec(cdw: '/', 'ls')" ||
            21     | 3      | 'container: `exec` has no option `cdw`; did you mean `cwd`?'
        "def f = { -it }"              || 11     | 3      | "`-` is not defined for a value of unknown type$DECLARE"
        "new Date().time = 'x'"        || 1      | 21     | 'text does not fit a variable for a whole number'
        "container('a').fs['/x'].bytes = 42" || 1      | 34     | 'a whole number does not fit a variable for a list'
        "container('a').fs['/x'].bytes = [b: 1]" || 1      | 38     | 'a map does not fit a variable for a list'
        "'a'.&strat"                   || 6      | 5      | 'text has no `strat`'
        "container('a').fs[{ }]"       ||
            1      | 22     | "script: Groovy's compiler fails on what is near this line; " +
                "hint: write it in another way, or opt out of checks by a line with `// @dynamic` alone"
        "println 1.MiB + 3"            || 9      | 9      | '`+` is not defined for a size and a whole number'
        "boolean b = true; b++"        || 19     | 1      | '`++` is not defined for true or false'
        "int i = 1; i -= 'x'"          || 12     | 8      | '`-` is not defined for a whole number and text'
        "parallel { branch('a') { println nam } }" || 34     | 3      | 'script: unknown name `nam`'
        "parallel { branch('a') { contaner 'c' } }" ||
            26     | 8      | 'script: unknown keyword `contaner`; did you mean `container`?'
        "container('a') { hooks { poststop { stp() } } }" ||
            37     | 3      | 'script: unknown keyword `stp`; did you mean `step`?'
        "x = new Foo()"                || 5      | 9      | 'unable to resolve class Foo'
        "pod('p') { share 'mount' }"   || 19     | 5      | 'pod: `share` knows ipc, network, pid, uts, not `mount`'
        "pod('p') { shar 'pid' }"      || 12     | 4      | 'pod: unknown keyword `shar`; did you mean `share`?'
        "parallel { brnch('a') { } }"  || 12     | 5      | 'parallel: unknown keyword `brnch`; did you mean `branch`?'
        "container('a').waitFor { prt 80 }" || 26     | 3      | 'waitFor: unknown keyword `prt`; did you mean `port`?'
        "container('a').exec('ls', timout: 1.s)" ||
            27     | 6      | 'container: `exec` has no option `timout`; did you mean `timeout`?'
        "step 'x'"                     ||
            1      | 4      | "script: `step` cannot take text; hint: write `step('build') { println 'building' }`"
        "container('a') {"             ||
            1      | 16     | 'script: it ends where more must follow; hint: close all brackets'
        "container('a') { process { )" || 28     | 1      | 'script: `)` is not expected here'
        "def x = 'abc"                           ||
            9      | 1      | "script: a text begins here and is not closed; " +
                "hint: add `'` at its end; one of several lines is between `'''`"
        'def x = "abc'                           ||
            9      | 1      | 'script: a text begins here and is not closed; ' +
                'hint: add `"` at its end; one of several lines is between `"""`'
        "def x = '''abc"                         ||
            9      | 3      | "script: a text begins here and is not closed; hint: add `'''` at its end"
        'def x = """abc'                         ||
            9      | 3      | 'script: a text begins here and is not closed; hint: add `"""` at its end'
    }

    def "what a property can be made of is converted, as elsewhere in Groovy"() {
        given:
        def scripts = new Scripts(dir)

        expect:
        scripts.run("def f = new File('${dir}/y'); f.text = 42; println f.text") == 0
        scripts.printed.toString() == '42\n'
    }

    def "a script that cannot be read is told by its name"() {
        when:
        new Scripts(dir).run('')
        ScriptRunner.definitions(Path.of('no/such.ctr.groovy'), [])

        then:
        def e = thrown(dev.gantry.error.ContainerException)
        e.line() == 'read `no/such.ctr.groovy`: no such file or directory (ENOENT)'
    }

    def "a file that only defines a class is no script"() {
        expect:
        new Scripts(dir).complaint('class A { }') == '''\
            x.ctr.groovy:1:1: error: script: the file defines a class and has no statements of its own
              1 | class A { }
                | ^^^^^^^^^^^'''.stripIndent()
    }

    def "all mistakes of a file are told at once, in the order of their lines"() {
        given:
        def text = '''\
            def a = container('a') {
                hostnam 'a'
                process { argz 'sh'; user uid: 1, gidd: 1 }
                proces { this 'is not looked at' }
            }
            def b = container('b') {
                mounts { [1, 2].each { bindd "/$it", to: '/x' } }
                resources { memory 1.MB; cpus 'two' }
            }
            b.strat()'''.stripIndent()

        expect:
        new Scripts(dir).complaint(text).readLines().findAll { it.startsWith('x.ctr') } == [
                'x.ctr.groovy:2:5: error: container: unknown keyword `hostnam`; did you mean `hostname`?',
                'x.ctr.groovy:3:15: error: process: unknown keyword `argz`; did you mean `args`?',
                'x.ctr.groovy:3:39: error: process: `user` has no option `gidd`; did you mean `gid`?',
                'x.ctr.groovy:4:5: error: container: unknown keyword `proces`; did you mean `process`?',
                'x.ctr.groovy:7:28: error: mounts: unknown keyword `bindd`; did you mean `bind`?',
                'x.ctr.groovy:8:26: error: a whole number has no `MB`; did you mean `MiB`?',
                'x.ctr.groovy:8:30: error: resources: `cpus` cannot take text; hint: write `cpus 1.5`',
                'x.ctr.groovy:10:3: error: a container has no `strat`; did you mean `start`?',
        ]
    }

    def "mistakes whose places the compiler takes for the same are both told"() {
        given: 'GROOVY: line << 16 + column is one number for 1:9 and 16:5'
        def text = 'def a = contaner("a") { }' + '\n' * 15 + '    nam'

        expect:
        new Scripts(dir).complaint(text).readLines().findAll { it.startsWith('x.ctr') } == [
                'x.ctr.groovy:1:9: error: script: unknown keyword `contaner`; did you mean `container`?',
                'x.ctr.groovy:16:5: error: script: unknown name `nam`',
        ]
    }

    def "all mistakes of a definition are told at once when it is evaluated, in both modes"() {
        given:
        def text = '''\
            container('a') {
                rootfs empty(), readonly: 'no'
                process { capabilities { drop 'ALL', 'NET_ADMN' }; cwd 'x' }
                resources { memory 'a lot' }
                mounts { ['/a', '/a'].each { tmpfs it } }
            }'''.stripIndent()

        expect:
        new Scripts(dir).complaint("$directive\n$text").readLines().findAll { it.startsWith('x.ctr') } == [
                'x.ctr.groovy:3:21: error: container: `readonly` of `rootfs` must be true or false, not text',
                'x.ctr.groovy:4:43: error: capabilities: `drop` knows no capability `NET_ADMN`; ' +
                'did you mean `NET_ADMIN`?',
                'x.ctr.groovy:4:61: error: process: `cwd` must be an absolute path, not `x`',
                "x.ctr.groovy:5:25: error: resources: `a lot` is not a size; hint: write `64.MiB` or '64m'",
                'x.ctr.groovy:6:16: error: mounts: `tmpfs` mounts `/a` again, after line 6',
        ]

        where:
        directive << ['//', '// @dynamic']
    }
}
