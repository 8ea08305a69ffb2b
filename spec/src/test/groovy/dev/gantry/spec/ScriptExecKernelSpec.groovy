package dev.gantry.spec

import dev.gantry.spec.support.ScriptTableSpecification
import dev.gantry.spock.RequiresKernel
import java.util.concurrent.TimeUnit
import spock.lang.Timeout

/** What a script can ask of {@code exec} and its relatives, and what it is told where that cannot be. */
@RequiresKernel
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ScriptExecKernelSpec extends ScriptTableSpecification {
    static final MB = 1 << 20

    String preamble() {
        """
        new File('data').bytes = [0, 1, 254, 255] as byte[]
        def box = container('exec-box') { mounts { tmpfs '/tmp' } }
        box.start()
        """
    }

    Map<String, String> lines() {
        ROWS.collectEntries { [it[0], it[1]] }
    }

    def "exec: #what"() {
        expect:
        told(what) == [expected, expected]

        where:
        [what, line, expected] << ROWS
    }

    static final ROWS = [
        ['bytes come as they were written', "println box.exec('printf', '\\\\000\\\\377').bytes", '[0, -1]'],
        ['a list is a command', "def tail = 'b'; println box.exec(['echo', 'a', \"c\$tail\"]).text", 'a cb'],
        ['a list takes options', "println box.exec(['pwd'], cwd: '/usr').text", '/usr'],
        ['a shell takes options', "box.sh('pwd; id -u', cwd: '/usr', user: 7)", '/usr\n7'],
        ['a shell can be silent', "box.sh('pwd', tee: false)", ''],
        ['a signal is a status', "def r = box.exec('sh', '-c', 'kill -9 \$\$'); println r.exit", '137'],
        ['a signal fails a check', "box.exec('sh', '-c', 'kill -9 \$\$').check()",
            'exec `sh -c kill -9 $$`: killed by signal 9'],
        ['a program that is not there', "box.exec('nope')", 'exec in `exec-box`: exec: "nope": ' +
            'executable file not found in $PATH: no such file or directory (ENOENT) [process.args]'],
        ['no program at all', "box.exec([])", 'exec in `exec-box`: there is no program to run'],
        ['an argument is null', "box.exec('echo', null)", 'exec in `exec-box`: an argument is null'],
        ['no such directory', "box.exec('pwd', cwd: '/nope')",
            'exec in `exec-box`: change directory to `/nope`: chdir: no such file or directory (ENOENT) [process.cwd]'],
        ['a user by name', "println box.exec('sh', '-c', 'echo \$(id -u):\$(id -g)', user: 'nobody').text",
            '65534:65534'],
        ['a user and a group by name',
            "println box.exec('sh', '-c', 'echo \$(id -u):\$(id -g)', user: 'daemon:tty').text", '1:5'],
        ['a user by number keeps the group',
            "println box.exec('sh', '-c', 'echo \$(id -u):\$(id -g)', user: '65534').text", '65534:0'],
        ['the groups of a user', "box.fs['/etc/group'] << 'extra:x:4711:games\\n" +
            "'; println box.exec('id', '-G', user: 'games').text", '60 4711'],
        ['a user that is named like a number', "box.fs['/etc/passwd'] << '77:x:0:0::/:/bin/sh\\n" +
            "'; println box.exec('id', '-u', user: '77').text", '77'],
        ['no such user', "box.exec('id', user: 'nobody-knows')",
            'exec in `exec-box`: `/etc/passwd` of the container knows no user `nobody-knows`'],
        ['no such group', "box.exec('id', user: '1:nobody-knows')",
            'exec in `exec-box`: `/etc/group` of the container knows no group `nobody-knows`'],
        ['stdin of bytes', "println box.exec('od', '-An', '-tu1', stdin: [0, 255] as byte[]).text", '0 255'],
        ['stdin of a file', "println box.exec('od', '-An', '-tu1', stdin: new File('data')).text", '0   1 254 255'],
        ['stdin of a path', "println box.exec('od', '-An', '-tu1', stdin: java.nio.file.Path.of('data')).text",
            '0   1 254 255'],
        ['stdin of a stream', "new ByteArrayInputStream([7] as byte[]).withCloseable { println box.exec('od', '-An', " +
            "'-tu1', stdin: it).text }", '7'],
        ['stdin of what was executed',
            "println box.exec('od', '-An', '-tu1', stdin: box.exec('printf', '\\\\000\\\\377')).text", '0 255'],
        ['stdin of a program of this machine', "println box.exec('wc', '-c', stdin: ['printf', 'abc'].execute()).text",
            '3'],
        ['stdin of a file in a container', "box.fs['/tmp/in'].text = 'abc'; " +
            "println box.exec('wc', '-c', stdin: box.fs['/tmp/in']).text", '3'],
        ['stdin of a missing file', "box.exec('cat', stdin: new File('missing'))",
            'read `$dir/missing`: no such file or directory (ENOENT)'],
        ['stdin of a directory', "box.exec('cat', stdin: new File('.'))", 'read `$dir`: is a directory (EISDIR)'],
        ['stdin that breaks', "box.exec('cat', stdin: new PipedInputStream()) ",
            'exec in `exec-box`: what `cat` was to read: pipe not connected'],
        ['stdin that says nothing and a time-out', "box.exec('cat', stdin: ['sleep', '3'].execute(), timeout: 200.ms)",
            'exec in `exec-box`: `cat` was killed after 0.2s'],
        ['200 MiB in', "new RandomAccessFile('big', 'rw').withCloseable { it.length = ${200 * MB}L }; " +
            "println box.exec('wc', '-c', stdin: new File('big')).text; new File('big').delete()", "${200 * MB}"],
        ['200 MiB through a pipe', "println((box.exec('head', '-c', '200M', '/dev/zero') | box.exec('cat') | " +
            "box.exec('wc', '-c')).text)", "${200 * MB}"],
        ['too much to keep', "box.exec('head', '-c', '100M', '/dev/zero')", 'exec in `exec-box`: `head -c 100M ' +
            '/dev/zero` was killed: it wrote more than 64 MiB; hint: let it write to a file, or into a pipe'],
        ['too much of what was spawned makes way', "def b = box.spawn('sh', '-c', 'head -c 100M /dev/zero; echo " +
            "end').waitFor().bytes; println b.length > ${32 * MB} && new String(b, b.length - 4, 3) == 'end'", 'true'],
        ['a pipe without names before', "box.with { println((exec('echo', 'abc') | exec('rev')).text) }", 'cba'],
        ['a pipe whose left is not there', "box.exec('nope') | box.exec('cat')", 'exec in `exec-box`: exec: "nope": ' +
            'executable file not found in $PATH: no such file or directory (ENOENT) [process.args]'],
        ['a pipe whose right is not there', "box.exec('yes') | box.exec('nope')", 'exec in `exec-box`: exec: "nope": ' +
            'executable file not found in $PATH: no such file or directory (ENOENT) [process.args]'],
        ['a pipe whose middle fails', "def r = box.exec('yes') | box.exec('false') | box.exec('cat'); " +
            "println r.exit + ' ' + r.command", '1 [false]'],
        ['a pipe whose left takes too long', "box.exec('sleep', '50', timeout: 200.ms) | box.exec('cat')",
            'exec in `exec-box`: `sleep 50` was killed after 0.2s'],
        ['a pipe whose right takes too long', "box.exec('yes') | box.exec('sleep', '50', timeout: 200.ms)",
            'exec in `exec-box`: `sleep 50` was killed after 0.2s'],
        ['a pipe fed on the left', "println((box.exec('cat', stdin: 'abc') | box.exec('rev')).text)", 'cba'],
        ['a pipe fed on the right', "box.exec('echo') | box.exec('rev', stdin: 'abc')",
            '`|`: `rev` reads from the pipe; hint: leave its `stdin` out'],
        ['a pipe of results', "def a = box.exec('echo'); def b = box.exec('cat'); a | b",
            "`|`: `echo` has ended before `cat` began; hint: join the calls themselves: `a.exec('ls') | b.exec('wc')`"],
        ['a time-out ends children, not daemons', """
            box.exec('sh', '-c', 'sleep 4711 & setsid sleep 4712 & (setsid sleep 4713 &); ' +
                'echo begun; sleep 4714; true', timeout: 500.ms)
        """, 'exec in `exec-box`: `sh -c sleep 4711 & setsid sleep 4712 & (setsid sleep 4713 &); ' +
            'echo begun; sleep 4714; true` was killed after 0.5s\n  begun'],
        ['what that left', "println box.ps()*.command.findAll { it.startsWith('sleep 47') }", '[sleep 4713]'],
        ['a process that holds the pipe', "println box.exec('sh', '-c', 'sleep 4715 & echo x').text", 'x'],
        ['many at once', "def all = [:]; 64.times { i -> all['b' + i] = { box.exec('echo', i.toString()).text.trim() " +
            "} }; println parallel(all as Map<String, Closure<?>>).values().collect { it as int }.sum()", '2016'],
        ['a spawned one is waited for', "println box.spawn('sleep', '0.1').waitFor('5s').exit", '0'],
        ['an unknown signal to a spawned one', "def p = box.spawn('sleep', '4717'); try { p.kill('NOPE') } " +
            "catch (dev.gantry.error.ContainerException e) { println e.line().replaceAll(/\\d+/, 'N') }",
            'kill process N: no signal is called `NOPE`'],
    ]
}
