package dev.gantry.dsl

import dev.gantry.dsl.source.ScriptMistakes
import dev.gantry.dsl.word.Synonyms
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir

/** What users of Docker, Jenkins and Testcontainers are told: the whole text, all words in one script. */
class SynonymsSpec extends Specification {
    private static final PORTS = "write `publish 8080, to: 18080`"
    private static final PORT_OF = '`box.port(8080)` tells the port of 127.0.0.1 that leads to one in the container'
    private static final IN_BOX = "commands run in a container: `container('box') { rootfs host() }`"

    private static final IN_CONTAINER = [
        "workdir '/src'"         : "unknown keyword `workdir`; hint: write `process { cwd '/src' }`",
        "entrypoint 'sh'"        : "unknown keyword `entrypoint`; hint: write `process { args 'sleep', 'infinity' }`",
        "command 'sh'"           : "unknown keyword `command`; hint: write `process { args 'sleep', 'infinity' }`",
        "volumes 'a:b'"          : "unknown keyword `volumes`; hint: write `mounts { bind '.', to: '/src' }`",
        "ports '80:80'"          : "unknown keyword `ports`; hint: $PORTS",
        "expose 80"              : "unknown keyword `expose`; hint: $PORTS",
        "privileged true"        : "unknown keyword `privileged`; hint: there is no such switch; " +
        "write what is needed: `process { capabilities { add 'SYS_ADMIN' } }`",
        "healthcheck 'curl'"     : "unknown keyword `healthcheck`; " +
        "hint: write `box.waitFor(10.s) { port 8080 }` after its start",
        "labels a: 'b'"          : "unknown keyword `labels`; hint: write `annotations 'org.example.team': 'ci'`",
        "restart 'always'"       : "unknown keyword `restart`; hint: nothing restarts by itself; " +
        "the script calls `box.start()`",
        "cap_add 'NET_ADMIN'"    : "unknown keyword `cap_add`; " +
        "hint: write `process { capabilities { add 'NET_ADMIN' } }`",
        "environment A: 'b'"     : "unknown keyword `environment`; hint: write `process { env CI: 'true' }`",
        "depends_on 'db'"        : "unknown keyword `depends_on`; hint: start one after the other; " +
        "`box.waitFor(10.s) { port 8080 }` waits",
        "env A: 'b'"             : "unknown keyword `env`; hint: it belongs in `process { }`",
        "echo 'x'"               : "unknown keyword `echo`; hint: write `println 'text'`",
    ]

    private static final AT_TOP = [
        "stage('x') { }"         : "script: unknown keyword `stage`; " +
        "hint: write `step('build') { println 'building' }`",
        "pipeline { }"           : "script: unknown keyword `pipeline`; hint: statements stand at the top; " +
        "`step('build') { }` names some of them",
        "node { }"               : "script: unknown keyword `node`; hint: $IN_BOX",
        "echo 'x'"               : "script: unknown keyword `echo`; hint: write `println 'text'`",
        "print(1, 2)"            : "script: unknown keyword `print`; hint: write `println 'text'`",
        "load 'x'"               : "script: unknown keyword `load`; hint: write `include('common.ctr.groovy')`",
        "sh 'make'"              : "script: unknown keyword `sh`; " +
        "hint: commands run in a container: `box.sh('make test')`",
        "withEnv(['A=b']) { }"   : "script: unknown keyword `withEnv`; " +
        "hint: write `box.exec('make', env: [CI: 'true'])`",
        "checkout 'scm'"         : "script: unknown keyword `checkout`; hint: write `box.sh('git clone ...')`",
        "archiveArtifacts 'x'"   : "script: unknown keyword `archiveArtifacts`; " +
        "hint: write `box.copyOut('/out', 'out')`",
        "docker.image('x')"      : "script: unknown name `docker`; hint: $IN_BOX",
        "params.x"               : "script: unknown name `params`; hint: write `param('jobs', default: 4)`",
        "env.HOME"               : "script: unknown name `env`; hint: write `System.getenv('HOME')`",
        'println "echo $HOME"'   : "script: unknown name `HOME`; hint: the script has no such variable; " +
        "in '...' a shell's `\$HOME` is left for the shell",
        "workdir '/src'"         : "script: unknown keyword `workdir`; hint: write `process { cwd '/src' }`",
        "Math.max('a', 'b')"     : "`Math`: `max` cannot take text, text",
        "box.withExposedPorts(1)": "a container has no `withExposedPorts`; hint: $PORT_OF",
        "box.getMappedPort(80)"  : "a container has no `getMappedPort`; hint: $PORT_OF",
        "box.execInContainer('a')": "a container has no `execInContainer`; hint: write `box.exec('ls', '-la')`",
        "box.cp('a', 'b')"       : "a container has no `cp`; hint: write `box.copyIn('Makefile', '/src/Makefile')`",
        "box.isRunning()"        : "a container has no `isRunning`; hint: write `box.status == 'running'`",
        "box.rm()"               : "a container has no `rm`; hint: write `box.delete(force: true)`",
        "box.exitCode"           : "a container has no `exitCode`; hint: write `int status = box.waitFor()`",
        "box.top()"              : "a container has no `top`; hint: write `box.ps()`",
        "box.exec('a').exitCode" : "a result of `exec` has no `exitCode`; hint: write `exit`",
        "box.exec('a').status"   : "a result of `exec` has no `status`; hint: write `exit`",
        "box.exec('a').code"     : "a result of `exec` has no `code`; hint: write `exit`",
        "box.exec('a').stdout"   : "a result of `exec` has no `stdout`; hint: write `text`",
        "box.exec('a').stderr"   : "a result of `exec` has no `stderr`; hint: write `err`",
        "box.sh(script: 'a', returnStdout: true)": "container: `sh` has no option `script`; " +
        "hint: the script is the word's own argument: `box.sh('make test')`",
        "box.exec('a', returnStdout: true)": "container: `exec` has no option `returnStdout`; " +
        "hint: write `box.exec('make', 'test').text`",
        "box.exec('a', xyzzy: 1)": "container: `exec` has no option `xyzzy`; its options: OPTIONS",
        "box.waitFor(timeout: 3.s) { port 80 }": "container: `waitFor` has no option `timeout`; " +
        "hint: the time stands by itself: `waitFor(3.s) { }`",
        "waitFor(timeout: 3.s) { true }": "script: `waitFor` has no option `timeout`; " +
        "hint: the time stands by itself: `waitFor(3.s) { }`",
    ]

    @TempDir
    Path dir

    private List<String> mistakes(String text) {
        try {
            ScriptRunner.definitions(new Scripts(dir).file(text), [])
            []
        } catch (ScriptMistakes e) {
            e.mistakes()*.text()
        }
    }

    def "a word of another tool in a block has a hint, whether it is checked or not: #directive"() {
        when:
        def text = "$directive\ncontainer('box') {\n${IN_CONTAINER.keySet().join('\n')}\n}\n"

        then:
        mistakes(text) == IN_CONTAINER.values().collect { "container: $it" as String }

        where:
        directive << ['// checked', '// @dynamic']
    }

    def "a word of another tool outside of blocks has a hint"() {
        expect:
        mistakes("def box = container('box') { }\n${AT_TOP.keySet().join('\n')}\n")
            *.replaceAll(/options: .*/, 'options: OPTIONS') ==
                AT_TOP.values()*.toString()
    }

    def "an option that is not there is told with those that are, or what it is called here: #call"() {
        expect:
        mistakes("container('box') { mounts { $call } }") ==
            ["mounts: `${call.takeWhile { it != ' ' }}` has no option `$option`$hint"]

        where:
        call                            | option   || hint
        "bind '.', to: '/x', ro: true"  | 'ro'     || '; hint: write `readonly: true`'
        "bind '.', to: '/x', target: 1" | 'target' || "; hint: write `to: '/src'`"
        "tmpfs '/x', sizes: 3"          | 'sizes'  || '; did you mean `size`?'
        "bind '.', to: '/x', xyzzy: 3"  | 'xyzzy'  ||
            '; its options: `gidMappings`, `options`, `readonly`, `recursive`, `to`, `uidMappings`'
    }

    def "a class of another tool has a hint"() {
        expect:
        mistakes("new GenericContainer('x')") ==
            ["unable to resolve class GenericContainer; hint: write `container('box') { rootfs dir('alpine') }`"]
        mistakes("import org.testcontainers.containers.GenericContainer") ==
            ["unable to resolve class GenericContainer; hint: write `container('box') { rootfs dir('alpine') }`"]
    }

    def "no class of ours is named: #expression"() {
        expect:
        mistakes("def box = container('box') { }\ndef web = pod('web') { container('w') { } }\nprintln $expression") ==
            [text]

        where:
        expression         || text
        'web.foo'          || 'a pod has no `foo`'
        'box.stats.foo'    || 'statistics has no `foo`'
        'box.cgroup.foo()' || 'a cgroup has no `foo`'
        'box.fs.foo()'     || 'files of a container has no `foo`'
        'box.plan.foo'     || 'a launch plan has no `foo`'
        'box.state.foo'    || 'a container state has no `foo`'
    }

    def "what hints recommend can be written: #code"() {
        expect:
        def ways = ["def box = container('box') { }\n$code",
            "container('box') { $code }",
            "def box = container('box') { }\nbox.exec('x', $code)",
            "container('box') { mounts { bind '.', to: '/x', $code } }",
            "container('box') { mounts { bind '.', $code } }",
            "def box = container('box') { }\nprintln box.exec('x').$code"]
        ways.any { mistakes("def later() {\n" + it + "\n}\nprintln 1").empty }

        where:
        code << Synonyms.hints().collectMany { it.findAll(/`([^`]+)`/) { all, code -> code } }.unique()
                .findAll { !it.startsWith('gantry ') && !it.startsWith('$') }
                .collect { it.startsWith('waitFor(3.s)') ? 'waitFor(3.s) { true }' : it }
    }
}
