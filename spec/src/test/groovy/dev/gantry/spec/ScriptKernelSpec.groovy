package dev.gantry.spec

import dev.gantry.spec.support.Command
import dev.gantry.spec.support.ScriptSpecification
import dev.gantry.spec.support.UnprivilegedUser
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.lang.Timeout

/** Scripts run by `./gantry FILE`: the examples, exit statuses, errors with their lines, and that nothing is left. */
@RequiresKernel(programs = ['cc:gcc', 'make', 'python3'])
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ScriptKernelSpec extends ScriptSpecification {
    private static final Path EXAMPLES = Path.of('../examples').toRealPath()
    private static final EXAMPLES_RUN = ['hello', 'build', 'limits', 'hooks', 'landlock', 'matrix', 'oom', 'pipeline',
        'pod', 'rootless', 'seccomp', 'service', 'volume']

    def "code of a hook says what a script says, and whatever it throws, nothing is left: #point { #code }"() {
        when:
        def outcome = script("container('h') { hooks { $point { s -> $code } } }.start()\nprintln 'after'")

        then:
        [outcome.exit, outcome.out, outcome.err] == [exit, out, err]

        where:
        point           | code                                        || exit | out          | err
        'poststart'     | 'waitFor { true }; [1].each { println it }' || 0    | '1\nafter\n' | ''
        'poststart'     | 'exit 3'                                    || 3    | ''           | ''
        'createRuntime' | '[1].each { exit 4 }'                       || 4    | ''           | ''
        'createRuntime' | 'throw new Exception("no")'                 || 1    | ''           |
            'gantry: start `h`: error running createRuntime hook #0: no [hooks.createRuntime[0], x.ctr.groovy:1]\n'
        'poststart'     | 'breakpoint()'                              || 0    | 'after\n'    |
            'gantry: warning: breakpoint() at x.ctr.groovy:1: there is no terminal to open a prompt at\n'
    }

    def "example #name prints what it should"() {
        when:
        def outcome = gantry.run(EXAMPLES.resolve(name + '.ctr.groovy').toString())

        then:
        outcome.err == ''
        outcome.exit == 0
        outcome.out ==~ pattern

        where:
        name       || pattern
        'hello'    || /hello from box\nprocess 1: gantry-idle\nmounts:    \d+\nnetwork:   lo\ncgroup:    .*:\/\n/
        'build'    || /built in a container\nthe source is untouched: \[Makefile, hello.c]\n/
        'hooks'    || /created: hooked\nstarted\ngone\nstatus 0\n/
        'matrix'   || /cc-O0: passed\ncc-O2: passed\ngcc-O0: passed\ngcc-O2: passed\n/
        'oom'      ||
            /the greedy one ended with 137\nthe script was told\nthe limit is now 128 MiB\nthe container is running\n/
        'pipeline' || /lines:  1000\nsorted: 1000\n/
        'pod'      || /connected\nsame network: true\nsame files:   false\n/
        'rootless' || /inside I am root\nthe root of it is root outside\nthe machine's time is out of reach: true\n/
        'landlock' || /write \/tmp: allowed\nwrite \/root: denied\nlist \/root: denied\n/
        'seccomp'  || /mkdir: Operation not permitted\ntouch: allowed\n/
        'service'  || /hello over the loopback\nthe server logged: true\n/
        'volume'   || /the count is 42\n/
        'limits'   ||
            /user:    1000\nfiles:   64\nstatus:  3, because something is wrong\nforks:   refused at the limit\n/
    }

    def "an ordinary user runs the example of a rootless run"() {
        given:
        def user = new UnprivilegedUser()
        Files.copy(EXAMPLES.resolve('rootless.ctr.groovy'), user.home.resolve('rootless.ctr.groovy'))
        user.home.resolve('rootless.ctr.groovy').toFile().setReadable(true, false)

        expect:
        user.gantry(user.home, 'rootless.ctr.groovy').out == "inside I am root\n" +
            "the root of it is an ordinary user outside\nthe machine's time is out of reach: true\n"

        cleanup:
        user?.close()
    }

    def "root's view of the machine in a user namespace is a copy too, of what its ids can reach"() {
        given:
        Files.writeString(dir.resolve('x.ctr.groovy'), """
            def box = container('mapped') {
                namespaces {
                    user {
                        uidMapping containerID: 0, hostID: 0, size: 1
                        uidMapping containerID: 1, hostID: 100001, size: 999
                        gidMapping containerID: 0, hostID: 0, size: 1
                        gidMapping containerID: 1, hostID: 100001, size: 999
                    }
                }
            }.start()
            println box.exec('sh', '-c', 'echo changed > /etc/passwd; cat /etc/passwd; ' +
                'rm -rf /etc/init.d; ls -d /etc/init.d; wc -l < /proc/self/uid_map').out
            """.stripIndent())
        def before = new File('/etc/passwd').text

        when:
        def outcome = gantry.run(dir.resolve('x.ctr.groovy').toString())

        then:
        outcome.err == ''
        outcome.out.trim() == 'changed\n2'
        new File('/etc/passwd').text == before
        new File('/etc/init.d').directory
    }

    def "the sample of the design runs"() {
        given:
        Files.writeString(dir.resolve('Makefile'), 'test:\n\t@echo tested as $$(id -u) in $$(pwd)\n')

        dir.toFile().setReadable(true, false) // the container's user is another
        dir.toFile().setExecutable(true, false)

        when:
        def outcome = script(Files.readString(Path.of('../dsl/src/test/resources/design.ctr.groovy')))

        then:
        outcome.err == ''
        outcome.exit == 0
        outcome.out ==~ /pid \d+\n\d+\n/
    }

    def "every example is covered above"() {
        expect:
        EXAMPLES.toFile().list().findAll { it.endsWith('.ctr.groovy') }.sort() ==
            EXAMPLES_RUN.sort()*.plus('.ctr.groovy')
    }

    def "the exit status is the script's: #what"() {
        expect:
        script(text).exit == status

        where:
        what                  | text                                                                           || status
        'none'                | 'println 1'                                                                    || 0
        'exit'                | 'exit 7'                                                                       || 7
        'a failed check'      | "container('s') { }.start().exec('sh', '-c', 'exit 42').check()"               || 42
        'no such command'     | "container('s') { }.start().exec('nope')"                                      || 127
        'not executable'      | "container('s') { }.start().exec('/etc/passwd')"                               || 126
        'an assertion'        | 'assert 1 == 2'                                                                || 1
        'a mistake'           | "container('s') { memori 1 }"                                                  || 1
    }

    def "a refusal names call, errno, origin and the script's line: #what"() {
        when:
        def outcome = script(text)

        then:
        outcome.exit == 1
        outcome.err == message + '\n'

        where:
        what                  | text                                                         || message
        'no bind source'      | "container('s') {\n    mounts {\n        bind '/no/such', to: '/x'\n    }\n}.start()" ||
            'gantry: start `s`: bind `/no/such` to `/x`: open_tree `/no/such`: no such file or directory (ENOENT) ' +
                '[mounts[7], x.ctr.groovy:3]; hint: the source must exist on the host'
        'a hostname too long' | "container('s') {\n\n    hostname '${'h' * 300}'\n}.start()" ||
            "gantry: start `s`: set hostname `${'h' * 300}`: sethostname: " +
                "invalid argument (EINVAL) [hostname, x.ctr.groovy:3]; hint: a hostname has at most 64 bytes"
    }

    def "a mistake is told before anything is made: #what"() {
        when:
        def outcome = script(text)

        then:
        outcome.exit == 1
        outcome.err.contains(message)
        !Files.exists(stateRoot)

        where:
        what                       | text                                        || message
        'an unknown keyword'       | "container('s') {\n    memori 1\n}.start()" ||
            'x.ctr.groovy:2:5: error: container: unknown keyword `memori`'
        'an unknown capability'    | "container('s') {\n    process { capabilities { add 'FLY' } }\n}.start()" ||
            'x.ctr.groovy:2'
        'maps without a namespace' |
            "container('s') {\n    namespaces { user 'host', uids: [[0, 1000, 1]] }\n}.start()" || 'x.ctr.groovy:2'
    }

    def "what a script made is gone when it ends by #how"() {
        given:
        Files.writeString(dir.resolve('x.ctr.groovy'), "container('a') { }.start()\ncontainer('b') { }.create()\n" +
            "println 'made'\n$text")

        when:
        def process = gantry.command('x.ctr.groovy').start()
        def line = process.inputStream.newReader().readLine()
        if (signal) {
            Command.ok('kill', "-$signal", process.pid())
        }
        process.waitFor()

        then: 'the cleanup looks at the host'
        line == 'made'
        !Files.exists(stateRoot.resolve('a'))

        where:
        how               | text                          | signal
        'its end'         | ''                            | null
        'an error'        | 'throw new Exception("x")'    | null
        'exit'            | 'exit 3'                      | null
        'TERM'            | 'Thread.sleep(60000)'         | 'TERM'
        'INT'             | 'Thread.sleep(60000)'         | 'INT'
    }

    def "explain shows the script's lines and makes nothing"() {
        given:
        Files.writeString(dir.resolve('x.ctr.groovy'), "container('box') {\n    hostname 'h'\n    mounts {\n" +
            "        tmpfs '/cache'\n    }\n}.start()\n")

        when:
        def lines = gantry.run('explain', 'x.ctr.groovy').out.readLines()

        then:
        lines.any { it.endsWith('set hostname `h`  [hostname, x.ctr.groovy:2]') }
        lines.any { it.contains('mount `tmpfs` on `/cache`') && it.endsWith('x.ctr.groovy:4]') }
        !Files.exists(stateRoot)
    }
}
