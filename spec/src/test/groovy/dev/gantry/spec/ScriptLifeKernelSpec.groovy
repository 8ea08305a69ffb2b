package dev.gantry.spec

import dev.gantry.spec.support.ScriptTableSpecification
import dev.gantry.spock.RequiresKernel
import java.util.concurrent.TimeUnit
import spock.lang.Timeout

/** What a script may do with a container in each state of its life, and how it waits for one. */
@RequiresKernel
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ScriptLifeKernelSpec extends ScriptTableSpecification {
    String preamble() {
        """
        def none = container('none') { }
        def made = container('made') { }
        made.create()
        def box = container('life-box') { mounts { tmpfs '/tmp' } }
        box.start()
        def still = container('still') { }
        still.start()
        still.pause()
        def ended = container('ended') { process { args 'sh', '-c', 'echo going down; exit 7' } }
        ended.start()
        ended.waitFor()
        def gone = container('gone') { }
        gone.start()
        gone.delete(force: true)
        """
    }

    Map<String, String> lines() {
        ROWS.collectEntries { [it[0], it[1]] }
    }

    def "a container: #what"() {
        expect:
        told(what) == [expected, expected]

        where:
        [what, line, expected] << ROWS
    }

    static final ABSENT = [none: 'it has not been made; hint: call `start()` first',
        gone: 'it is deleted; hint: `start()` makes it again']

    static final ROWS = ['none', 'gone'].collectMany { id ->
        [
            exec: "exec in `$id`", pause: "pause `$id`", resume: "resume `$id`", stop: "stop `$id`", kill: "kill `$id`",
            waitFor: "wait for `$id`", delete: "delete `$id`", ps: "processes of `$id`",
        ].collect { word, operation ->
            ["$word in state `defined`: $id".toString(), word == 'exec' ? "${id}.exec('true')" :
                "${id}.$word()".toString(), "$operation: ${ABSENT[id]}".toString()]
        } + [
            ["stats: $id".toString(), "println ${id}.stats".toString(), "stats of `$id`: ${ABSENT[id]}".toString()],
            ["logs: $id".toString(), "println ${id}.logs".toString(), "logs of `$id`: ${ABSENT[id]}".toString()],
            ["update: $id".toString(), "${id}.update { pids 5 }".toString(), "update `$id`: ${ABSENT[id]}".toString()],
            ["status: $id".toString(), "println ${id}.status".toString(), 'defined'],
        ]
    } + [
        ['create twice', 'made.create()', 'create `made`: it has been made already'],
        ['exec before the start', "println made.exec('echo', 'early').text", 'early'],
        ['wait before the start', 'made.waitFor(100.ms)', 'wait for `made`: it has not ended after 0.1s'],
        ['health before the start', 'made.waitFor(100.ms) { port 80 }',
            'wait for `made`: port 80: the container is created'],
        ['start twice', 'box.start()', 'start `life-box`: cannot start an already running container'],
        ['create after the start', 'box.create()', 'create `life-box`: it has been made already'],
        ['delete while it runs', 'box.delete()', 'cannot delete container life-box that is not stopped: running; ' +
            'hint: stop it first, or force it'],
        ['resume what runs', 'box.resume()', 'resume `life-box`: container not paused'],
        ['inside what runs', 'box.inside { }', 'inside `life-box`: it has been started already; ' +
            'hint: `box.with { ... }` runs a block with a container as it is'],
        ['pause twice', 'still.pause(); println still.status', 'paused'],
        ['exec while paused', "still.exec('true')", 'exec in `still`: cannot exec in a paused container; ' +
            'hint: resume it first'],
        ['read while paused', "println still.fs['/proc/1/comm'].text", 'gantry-idle'],
        ['stop while paused', 'println still.stop(100.ms)', '137'],
        ['exec at the end', "ended.exec('true')", 'exec in `ended`: cannot exec in a stopped container'],
        ['pause at the end', 'ended.pause()', 'pause `ended`: container not running'],
        ['update at the end', 'ended.update { pids 5 }', 'update `ended`: container not running'],
        ['kill at the end', 'ended.kill()', 'kill `ended`: container not running'],
        ['start at the end', 'ended.start()', 'start `ended`: cannot start a container that has stopped'],
        ['stop at the end', 'println ended.stop()', '7'],
        ['wait at the end', 'println ended.waitFor()', '7'],
        ['logs at the end', 'println ended.logs', 'going down'],
        ['ps at the end', 'println ended.ps()', '[]'],
        ['health at the end', 'ended.waitFor(5.s) { port 80 }',
            'wait for `ended`: port 80: the container has ended with exit status 7\n  going down'],
        ['run what idles', 'container("idler") { }.run()',
            "run `idler`: without `args` it would wait for ever; hint: write `process { args ... }`, or use `start()`"],
        ['a life after death', "gone.start(); println gone.status; gone.delete(force: true)", 'running'],
        ['health: nobody listens', 'box.waitFor(100.ms) { port 81 }',
            'wait for `life-box`: port 81: not so after 0.1s'],
        ['health: nothing is logged', 'box.waitFor(100.ms) { log ~/x/ }', 'wait for `life-box`: log ~/x/: nobody ' +
            'listens to what it writes; hint: `log` needs `args`, no terminal, and a container that is not kept'],
        ['health: no file', "box.waitFor('100ms') { file '/nope' }",
            'wait for `life-box`: file `/nope`: not so after 0.1s'],
        ['health: a command fails and says why', "box.waitFor(300.ms) { command 'sh', '-c', 'echo not yet >&2; " +
            "false' }", 'wait for `life-box`: command `sh -c echo not yet >&2; false`: not so after 0.3s\n  not yet'],
        ['health: a command that hangs', "long t = System.nanoTime(); try { box.waitFor(300.ms) { command 'sleep', " +
            "'50' } } finally { println System.nanoTime() - t < 5_000_000_000L }",
            'true\nwait for `life-box`: command `sleep 50`: not so after 0.3s'],
        ['health: a command that is not there', "box.waitFor(5.s) { command 'nope' }", 'exec in `life-box`: exec: ' +
            '"nope": executable file not found in $PATH: no such file or directory (ENOENT) [process.args]'],
        ['health: all of it', "box.waitFor(100.ms) { file '/etc/passwd'; command 'true'; port 82 }",
            'wait for `life-box`: port 82: not so after 0.1s'],
        ['waiting for anything', "waitFor('100ms') { null }", 'waitFor: not so after 0.1s'],
        ['an exception within', "def c = container('within') { }; " +
            "try { c.withRun { throw new IllegalStateException('within') } } catch (IllegalStateException e) { " +
            "println e.message + ', ' + c.status }", 'within, defined'],
        ['parallel within parallel', "parallel(a: { parallel(b: { box.exec('false').check() }, c: { 1 }) }, d: { 2 })",
            'parallel: 1 of 2 branches failed\n  a: parallel: 1 of 2 branches failed [x.ctr.groovy:LINE]\n' +
            '    b: exec `false`: exit status 1 [x.ctr.groovy:LINE]'],
        ['branches of one name', "parallel { branch('a') { }; branch('a') { } }",
            'parallel: there are two branches `a`'],
    ]
}
