package dev.gantry.spec

import dev.gantry.spec.support.ScriptTableSpecification
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.LinkOption
import java.nio.file.Path
import java.nio.file.attribute.FileTime
import java.util.concurrent.TimeUnit
import spock.lang.Timeout

/** Containers in the hands of a script: processes, streams, files, waiting, events; each script checked and dynamic. */
@RequiresKernel
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class LiveScriptKernelSpec extends ScriptTableSpecification {
    String preamble() {
        "def box = container('live-box') { mounts { tmpfs '/tmp' } }\nbox.start()\n"
    }

    Map<String, String> lines() {
        ROWS.collectEntries { [it[0], it[1]] }
    }

    def "a script can: #what"() {
        expect:
        told(what) == [expected, expected]

        where:
        [what, line, expected] << ROWS
    }

    static final BEGIN = "def box = container('box') { }\nbox.start()\n"
    static final OTHER = "def other = container('other') { mounts { tmpfs '/tmp' } }\nother.start()\n"

    static final ROWS = [
        ['know all of a result', "def r = box.exec('sh', '-c', 'echo o; echo e >&2; exit 3'); " +
            "println r.exit + r.out + r.err + r.lines + (r.duration.toMillis() < 5000)", '3o\ne\n[o]true'],
        ['feed text', "println box.exec('cat', stdin: 'abc').text", 'abc'],
        ['feed much', "println box.exec('wc', '-c', stdin: 'x' * 1000000).text.trim()", '1000000'],
        ['feed a file', "new File('x.txt').text = 'in a file'; println box.exec('cat', stdin: new File('x.txt')).text",
            'in a file'],
        ['feed who does not read', "println box.exec('true', stdin: 'x' * 1000000).exit", '0'],
        ['feed what another wrote', "println box.exec('cat', stdin: box.exec('echo', 'one')).text.trim()", 'one'],
        ['set directory and variables',
            "println box.exec('sh', '-c', 'echo \$PWD \$A', cwd: '/usr', env: [A: 'b']).text.trim()", '/usr b'],
        ['be another user', "println box.exec('id', '-u', user: 1234).text.trim()", '1234'],
        ['be at a terminal', "println box.exec('sh', '-c', 'test -t 0 && test -t 1 && echo tty', tty: " +
            "true).text.trim()", 'tty'],
        ['type at a terminal', "println box.exec('sh', '-c', 'stty -echo; cat', tty: true, stdin: 'typed\\n" +
            "').text.contains('typed')", 'true'],
        ['see it by an option', "box.exec('echo', 'shown', tee: true)", 'shown'],
        ['use a shell', "box.sh('echo one; echo two')", 'one\ntwo'],
        ['pipe', "println((box.exec('echo', 'a b') | box.exec('tr', 'a', 'c') | box.exec('rev')).text.trim())", 'b c'],
        ['pipe bytes between containers', OTHER + "box.exec('tar', 'c', '-C', '/etc', 'hosts') | other.exec('tar', " +
            "'x', '-C', '/tmp'); println other.fs['/tmp/hosts'].bytes == box.fs['/etc/hosts'].bytes", 'true'],
        ['know that a pipe failed', "println((box.exec('sh', '-c', 'echo a; exit 4') | box.exec('cat')).exit)", '4'],
        ['leave a pipe early', "println((box.exec('yes') | box.exec('head', '-n', '1')).text.trim().length())", '1'],
        ['spawn', "def p = box.spawn('sh', '-c', 'read x; echo got \$x', stdin: 'it\\n" +
            "'); println p.waitFor().text.trim() + p.running", 'got itfalse'],
        ['kill what it spawned', "def p = box.spawn('sleep', '100'); p.kill(); println p.waitFor().exit", '143'],
        ['read files', "println box.fs['/etc/hostname'].exists(); println box.fs['/proc/1/comm'].text",
            'true\ngantry-idle'],
        ['write files', "box.fs['/tmp/a'].text = 'x'; box.fs['/tmp/a'] << 'y'; println box.exec('cat', '/tmp/a').text",
            'xy'],
        ['make and list directories', "def d = box.fs['/tmp/d/e']; d.mkdirs(); box.fs['/tmp/d/f'].text = ''; " +
            "println box.fs['/tmp/d'].list(); box.fs['/tmp/d/f'].delete(); println box.fs['/tmp/d/f'].exists()",
            '[e, f]\nfalse'],
        ['copy in and out', "def t = new File('tree/sub'); t.mkdirs(); new File(t, 'a').text = 'A'; " +
            "box.copyIn('tree', '/tmp/tree'); println box.exec('cat', '/tmp/tree/sub/a').text; " +
            "box.copyOut('/tmp/tree', 'back'); println new File('back/sub/a').text", 'A\nA'],
        ['pause and resume', "box.pause(); println box.status; box.resume(); println box.status", 'paused\nrunning'],
        ['update limits', "box.update { pids 77 }; println box.stats.pids.limit", '77'],
        ['count processes and memory', "println box.ps.size(); println box.stats.memory.usage > 0", '1\ntrue'],
        ['list processes', "box.spawn('sleep', '99'); println box.ps().collect { it.inside + ' ' + it.command " +
            "}.first(); println box.ps()*.uid", '1 gantry-init\n[0, 0]'],
        ['list mounts', "println box.mounts.find { it.target == '/proc' }.type", 'proc'],
        ['read a control file', "box.update { pids 50 }; println box.cgroup['pids.max']; " +
            "println box.cgroup.names.contains('pids.max')", '50\ntrue'],
        ['write a control file', "box.cgroup['pids.max'] = 40; println box.stats.pids.limit", '40'],
        ['write memory of either cgroup', "box.cgroup['memory.max'] = 64.MiB; println box.stats.memory.limit; " +
            "box.cgroup['memory.max'] = 'max'; println box.stats.memory.limit > 1.TiB.bytes()", '67108864\ntrue'],
        ['wait for anything', "box.spawn('sh', '-c', 'sleep 0.3; touch /tmp/x'); " +
            "waitFor { box.fs['/tmp/x'].exists() }; println 'there'", 'there'],
        ['run branches at once', "long t = System.nanoTime(); println parallel { branch('a') { box.exec('sleep', " +
            "'1').exit }; branch('b') { box.exec('sleep', '1').exit } }; " +
            "println System.nanoTime() - t < 1_900_000_000L", '[a:0, b:0]\ntrue'],
        ['stop', "println box.stop(200.ms); println box.status", '143\nstopped'],
    ]

    def "output is seen as it comes, each stream in its place"() {
        when:
        def outcome =
            script(BEGIN + "box.exec('sh', '-c', 'echo shown; echo shown too >&2').tee().check(); println 'after'")

        then:
        outcome.out == 'shown\nafter\n'
        outcome.err == 'shown too\n'
    }

    def "with a container of its own program it can: #what"() {
        expect:
        with(script(text)) {
            err == ''
            it.out == expected
            exit == 0
        }

        where:
        what                   | text || expected
        'see its output first' |
            "def c = container('c') { process { args 'echo', 'from inside' } }; int s = c.run(); println s" ||
                'from inside\n0\n'
        'read its log' | "def c = container('c') { process { args 'sh', '-c', 'echo ready; sleep 60' } }; " +
            "c.start().waitFor { log ~/rea.y/ }; println c.logs.trim()" ||
            'ready\nready\n'
        'wait for a port' | "def c = container('c') { process { args 'python3', '-m', 'http.server', '80' } }; " +
            "c.start().waitFor { port 80 }; println 'listens'" ||
            'listens\n'
        'wait for a command' | "def c = container('c') { process { args 'sh', '-c', 'sleep 0.3; touch /ok; " +
            "sleep 60' } }; c.start().waitFor { command 'test', '-e', '/ok' }; println 'ok'" ||
            'ok\n'
        'hear of its end' | "def c = container('c') { process { args 'sh', '-c', 'exit 5' } }; c.create(); " +
            "c.onExit { s -> println 'ended ' + s }; c.start(); c.waitFor(); waitFor(1.s) { true }" ||
            'ended 5\n'
        'hear of no memory' | "def c = container('c') { resources { memory 32.MiB; memorySwap 32.MiB } }; " +
            "c.start(); def oom = new java.util.concurrent.CountDownLatch(1); c.onOom { oom.countDown() }; " +
            "println c.exec('sh', '-c', 'tail /dev/zero').exit; oom.await(); println 'oom'" ||
            '137\noom\n'
        'hear of all' |
            "def c = container('c') { }; def heard = []; c.events { heard << it.kind }; c.start(); c.pause(); " +
            "c.resume(); c.kill('KILL'); c.waitFor(); c.delete(); waitFor(5.s) { heard.size() == 6 }; println heard" ||
            '[create, start, pause, resume, exit, delete]\n'
        'be inside' | "def c = container('c') { }; c.inside { sh 'echo in'; " +
            "println exec('cat', '/proc/1/comm').text.trim() }; println c.status" ||
            'in\ngantry-idle\ndefined\n'
        'run with it' | "def c = container('c') { }; println c.withRun { b -> b.exec('echo', 'with').text.trim() }; " +
            "println c.status" ||
            'with\ndefined\n'
    }

    def "a failure is told in a line: #what"() {
        when:
        def outcome = script(BEGIN + text)

        then:
        outcome.exit == status
        outcome.err.replace(dir.toString(), '$dir') == message + '\n'

        where:
        what | text ||
            status | message
        'a time-out kills' | "box.exec('sh', '-c', 'echo begun; sleep 100; true', timeout: 300.ms)" || 1 |
            'gantry: exec in `box`: `sh -c echo begun; sleep 100; true` was killed after 0.3s [x.ctr.groovy:3]\n  begun'
        'no control file' | "println box.cgroup['memory.nosuch']" ||
            1      | 'gantry: read `memory.nosuch`: the container has no such control file [x.ctr.groovy:3]'
        'no way out by a file' | "println box.cgroup['../../x.y']" ||
            1      | 'gantry: read `../../x.y`: that is no name of a control file [x.ctr.groovy:3]'
        'a limit of nonsense' | "box.cgroup['pids.max'] = 'many'" ||
            1      | 'gantry: write `many` to `pids.max`: invalid argument (EINVAL) [x.ctr.groovy:3]'
        'a shell in a script' | "box.shell()" ||
            1      | 'gantry: shell in `box`: there is no terminal to sit at [x.ctr.groovy:3]'
        'one branch of two' | "parallel(a: { 1 }, b: { box.exec('sh', '-c', 'echo bad >&2; exit 2').check() })" ||
            1      | 'gantry: parallel: 1 of 2 branches failed [x.ctr.groovy:3]\n' +
                '  b: exec `sh -c echo bad >&2; exit 2`: exit status 2 [x.ctr.groovy:3]\n    bad'
        'all branches'         |
            "parallel { branch('a') { throw new Exception('A') }; branch('b') { throw new Exception('B') } }" ||
                1      | 'gantry: parallel: 2 of 2 branches failed [x.ctr.groovy:3]\n  a: A [x.ctr.groovy:3]\n' +
                '  b: B [x.ctr.groovy:3]'
        'an exit beside a failure' | "parallel(a: { throw new Exception('A') }, b: { exit 5 })" ||
            5      | 'gantry: warning: parallel: 1 of 2 branches failed\n  a: A [x.ctr.groovy:3]'
        'a failure beside exit 0' | "parallel(a: { throw new Exception('A') }, b: { exit 0 })" ||
            1      | 'gantry: parallel: 1 of 2 branches failed [x.ctr.groovy:3]\n  a: A [x.ctr.groovy:3]'
        'a first failure that ends the others' |
            "parallel(a: { throw new Exception('A') }, b: { box.sh 'sleep 100' }, failFast: true)" ||
                1      | 'gantry: parallel: 1 of 2 branches failed; 1 ended because of that [x.ctr.groovy:3]\n' +
                '  a: A [x.ctr.groovy:3]'
        'what is not so' | "waitFor(100.ms) { false }" ||
            1      | 'gantry: waitFor: not so after 0.1s [x.ctr.groovy:3]'
        'what is not healthy' | "box.waitFor(100.ms) { port 81 }" ||
            1      | 'gantry: wait for `box`: port 81: not so after 0.1s [x.ctr.groovy:3]'
        'no such file' | "box.fs['/nope'].text" ||
            1      | 'gantry: read `/nope` in `box`: no such file or directory (ENOENT) [x.ctr.groovy:3]'
        'a device is no file' | "box.fs['/dev/zero'].text" ||
            1      | 'gantry: read `/dev/zero` in `box`: is no regular file [x.ctr.groovy:3]'
        'nothing to copy' | "box.copyIn('nope', '/x')" ||
            1      | "gantry: copy `\$dir/nope` into `box`: no such file or directory (ENOENT) [x.ctr.groovy:3]"
        'a wrong limit' | "box.update { memori 5 }" ||
            1      | 'x.ctr.groovy:3:14: error: resources: unknown keyword `memori`; did you mean `memory`?\n' +
                '  3 | box.update { memori 5 }\n    |              ^^^^^^'
        'a wrong option' | "box.exec('true', timout: 5)" ||
            1      | 'x.ctr.groovy:3:18: error: container: `exec` has no option `timout`; did you mean `timeout`?\n' +
                '  3 | box.exec(\'true\', timout: 5)\n    |                  ^^^^^^'
    }

    def "what a failed delete leaves can be deleted: #how"() {
        expect:
        script("def b = container('b') { }\nb.start()\n" +
                "try { b.delete() } catch (Exception e) { println e.message }\n$text") with {
            it.err == ''
            it.out == 'cannot delete container b that is not stopped: running\n'
            it.exit == 0
        }

        where:
        how             | text
        'by the script' | 'b.delete(force: true)'
        'with it'       | ''
    }

    def "who listens before the container is made hears of each of its lives"() {
        expect:
        script("""
            def b = container('b') { process { args 'sh', '-c', 'exit 5' } }
            b.onExit { status -> println 'ended ' + status }
            2.times { b.run() }
        """).out == 'ended 5\nended 5\n'
    }

    def "a copy keeps permissions, owners, times and links, in and out"() {
        given:
        def tree = Files.createDirectories(dir.resolve('kept/sub'))
        def program = Files.writeString(tree.resolve('program'), 'x')
        Files.createSymbolicLink(tree.resolve('link'), Path.of('../../outside'))
        Files.setAttribute(program, 'unix:uid', 7)
        Files.setAttribute(program, 'unix:gid', 8)
        Files.setAttribute(program, 'unix:mode', 06751)
        Files.setLastModifiedTime(program, FileTime.fromMillis(86_400_000))
        Files.setAttribute(tree, 'unix:mode', 01770)
        Files.setAttribute(tree, 'unix:gid', 9)
        Files.createSymbolicLink(dir.resolve('astray'), Path.of('/etc'))

        when:
        def outcome = script(BEGIN + """
            box.copyIn('kept', '/tmp/tree')
            box.copyIn('kept', '/tmp/tree')
            print box.exec('sh', '-c',
                'cd /tmp/tree/sub && stat -c "%n %a %u %g" . && stat -c "%n %a %u %g %Y" program && readlink link').text
            def mapped = container('mapped') {
                rootfs empty()
                namespaces {
                    user {
                        uidMapping containerID: 0, hostID: 0, size: 1
                        uidMapping containerID: 1, hostID: 100001, size: 999
                        gidMapping containerID: 0, hostID: 0, size: 1
                        gidMapping containerID: 1, hostID: 100001, size: 999
                    }
                }
            }.start()
            mapped.copyIn('kept', '/tree')
            def here = java.nio.file.Path.of("/proc/\${mapped.pid}/root/tree/sub/program")
            println java.nio.file.Files.readAttributes(here, 'unix:uid,gid')
            mapped.copyOut('/tree/sub/program', 'program')
            box.copyOut('/tmp/tree/sub', 'copied')
            box.copyOut('/tmp/tree/sub', 'astray')
        """)
        def back = dir.resolve('copied/program')

        then:
        outcome.err == ''
        outcome.out == """\
            . 1770 0 9
            program 6751 7 8 86400
            ../../outside
            [uid:100007, gid:100008]
            """.stripIndent()
        Files.readAttributes(back, 'unix:uid,gid,mode')*.value as Set == [7, 8, 0100751] as Set
        Files.readAttributes(dir.resolve('program'), 'unix:uid,gid,mode')*.value as Set == [7, 8, 0100751] as Set
        Files.getLastModifiedTime(back).toMillis() == 86_400_000
        (Files.getAttribute(dir.resolve('copied'), 'unix:mode') & 07777) == 01770
        Files.readSymbolicLink(dir.resolve('copied/link')) == Path.of('../../outside')
        Files.isDirectory(dir.resolve('astray'), LinkOption.NOFOLLOW_LINKS)
        !Files.exists(Path.of('/etc/program'))
    }

    def "a copy refuses what is no file, here and there"() {
        expect:
        script(BEGIN + "box.copyIn('/dev/zero', '/tmp/zero')").err ==
            'gantry: copy `/dev/zero` into `box`: `/dev/zero` is no regular file [x.ctr.groovy:3]\n'
        script(BEGIN + "box.copyOut('/dev/zero', 'zero')").err.replace(dir.toString(), '\$dir') ==
            'gantry: copy to `\$dir/zero`: `/dev/zero` is no regular file [x.ctr.groovy:3]\n'
    }

    def "files are found beneath the container's root, wherever its links lead"() {
        given:
        Files.writeString(dir.resolve('secret'), 'of the host')

        expect:
        script(BEGIN + """
            box.exec('ln', '-s', '/../../../../../../tmp/secret', '/tmp/link').check()
            box.fs['/tmp/secret'].text = 'of the container'
            println box.fs['/tmp/link'].text
            box.exec('ln', '-sf', '/proc/1/root/tmp/secret', '/tmp/magic').check()
            try { println box.fs['/tmp/magic'].text } catch (Exception e) { println 'refused' }
            box.exec('mkfifo', '/tmp/fifo').check()
            try { println box.fs['/tmp/fifo'].text } catch (Exception e) { println 'no file' }
        """).out == 'of the container\nrefused\nno file\n'
    }
}
