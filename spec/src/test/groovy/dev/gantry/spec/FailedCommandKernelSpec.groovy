package dev.gantry.spec

import dev.gantry.json.Json
import dev.gantry.spec.support.ScriptSpecification
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.util.concurrent.TimeUnit
import spock.lang.Timeout

/** What is said of a command that has failed: which one, how, why, and what it wrote; each feature is one script. */
@RequiresKernel
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FailedCommandKernelSpec extends ScriptSpecification {
    private static final FORKS = 'for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 0.1 & done; wait'

    /** Runs each body in a container and returns what is said of its failure. */
    private List<String> told(String definition, List<String> bodies) {
        def calls = bodies.withIndex().collect { body, n ->
            "try { $body; told << 'nothing' } catch (e) { told << e.message }"
        }
        Files.deleteIfExists(dir.resolve('told'))
        def outcome = script("""
            List<String> told = []
            def b = container('b') { $definition }.start()
            ${calls.join('\n')}
            new File('$dir/told').text = told.join('\\u0001')
        """)
        assert outcome.exit == 0: outcome
        Files.readString(dir.resolve('told')).split('\u0001').toList()
    }

    def "which limit was reached"() {
        expect:
        told('resources { memory 64.MiB; memorySwap 64.MiB; pids 10 }', [
                "b.sh 'tail /dev/zero'",
                "b.exec('tail', '/dev/zero').check()",
                "(b.command('echo', 'x') | b.command('tail', '/dev/zero')).run().check()",
                "b.sh '$FORKS'",
                "waitFor { b.ps().size() == 1 }; b.sh 'ulimit -f 1; head -c 100000 /dev/zero > /tmp/x'",
                "b.sh 'exit 3'",
                "b.update { memory 32.MiB; memorySwap 32.MiB }; told << b.exec('tail', '/dev/zero').toString(); " +
                    "b.sh 'true'",
        ]) == [
                'sh `tail /dev/zero`: exit status 137: the container ran out of its 64 MiB of memory\n  Killed',
                'exec `tail /dev/zero`: killed by signal 9: the container ran out of its 64 MiB of memory',
                'exec `tail /dev/zero`: killed by signal 9: the container ran out of its 64 MiB of memory',
                "sh `$FORKS`: exit status 2: the container reached its limit of 10 processes\n  sh: 0: Cannot fork",
                'sh `ulimit -f 1; head -c 100000 /dev/zero > /tmp/x`: exit status 153: the container reached its ' +
                    'limit of the size of a file\n  File size limit exceeded',
                'sh `exit 3`: exit status 3',
                'exec `tail /dev/zero`: killed by signal 9: the container ran out of its 32 MiB of memory',
                'nothing',
        ]
    }

    def "which limit a first process has reached: warning, message, summary, JUnit file and state say it"() {
        given:
        file('''
            keep()
            container('kept') {
                resources { memory 32.MiB; memorySwap 32.MiB }
                process { args 'tail', '/dev/zero' }
            }.start().waitFor()
        ''', 'k.ctr.groovy')

        when:
        def outcome = script(['--summary', '--junit', 'report.xml'], '''
            def c = container('c') {
                resources { memory 32.MiB; memorySwap 32.MiB }
                process { args 'tail', '/dev/zero' }
            }.start()
            def status = c.waitFor()
            try { c.waitFor { port 80 } } catch (e) { System.err.println e.message }
            exit status
        ''')

        then:
        outcome.exit == 137
        outcome.err.readLines()*.replaceAll(/ +/, ' ')*.replaceAll(/[\d.]+ s /, 'T ') == [
                'gantry: warning: container `c` ran out of its 32 MiB of memory',
                'wait for `c`: port 80: the container has ended with exit status 137: it ran out of its 32 MiB of ' +
                    'memory',
                'c stopped with 137 T it ran out of its 32 MiB of memory',
        ]
        Files.readString(dir.resolve('report.xml')).contains('>exit status 137\n  container `c` ran out of its 32 ' +
            'MiB of memory</failure>')
        gantry.run('k.ctr.groovy').err == 'gantry: warning: container `kept` ran out of its 32 MiB of memory\n'
        Json.parse(gantry.run('state', 'kept').out.bytes, 'state').at('/annotations/dev.gantry.shortage').asText() ==
            'ran out of its 32 MiB of memory'

        cleanup:
        gantry.run('delete', '--force', 'kept')
    }

    def "both streams are shown, without what terminals act on"() {
        expect:
        told('', [
                "b.exec('sh', '-c', 'echo found; sleep 0.1; echo lost >&2; sleep 0.1; echo more; exit 3').check()",
                'b.sh \'printf "\\\\033[31mred\\\\033[0m\\\\n10 %%\\\\r20 %%\\\\n\"; printf half; sleep 0.1; echo ' +
                    'whole >&2; exit 1\'',
                "b.exec('sh', '-c', 'echo out; echo err >&2; sleep 60', timeout: 300.ms)",
                "b.sh('echo out; echo err >&2; sleep 60', timeout: 300.ms)",
        ]) == [
                'exec `sh -c echo found; sleep 0.1; echo lost >&2; sleep 0.1; echo more; exit 3`: exit status 3\n  ' +
                    'found\n  lost\n  more',
                'sh `printf "\\033[31mred\\033[0m\\n10 %%\\r20 %%\\n"; printf half; sleep 0.1; echo whole >&2; ' +
                    'exit 1`: exit status 1\n  red\n  20 %\n  whole\n  half',
                'exec in `b`: `sh -c echo out; echo err >&2; sleep 60` was killed after 0.3s\n  out\n  err',
                'sh in `b`: `echo out; echo err >&2; sleep 60` was killed after 0.3s\n  out\n  err',
        ]
    }

    def "a shell's script ends at the first command that fails, is called by its first line, may name its program"() {
        expect:
        told('', [
                "b.sh '''\n  echo one\n  false\n  echo two\n'''",
                "b.sh('if false; then :; fi; false || true; echo well')",
                "told << b.sh('#!/usr/bin/env python3\\nimport os, sys\\nprint(os.getcwd(), len(sys.argv), " +
                    "sys.stdin.read())', cwd: '/tmp', stdin: 'in').text.trim()",
                "b.sh('#!/bin/bash -eu\\necho \${BASH_VERSION:+bash}\\nfalse', user: '65534:65534')",
                "b.sh('#!/no/such\\nx')",
        ]) == [
                'sh `echo one …`: exit status 1\n  one',
                'nothing',
                '/tmp 1 in',
                'nothing',
                'sh `echo ${BASH_VERSION:+bash} …`: exit status 1\n  bash',
                'exec in `b`: exec: "/no/such": no such file or directory (ENOENT) [process.args]',
        ]
    }

    def "a failure has the place of its line at the end of its own first line"() {
        expect:
        script("def b = container('b') { }.start()\nb.sh '''\n  echo one >&2\n  false'''\n").err.readLines()
            .takeRight(2) == [
                'gantry: sh `echo one >&2 …`: exit status 1 [x.ctr.groovy:2]', '  one']
    }

    def "what is left behind may write without end: the command is over, its output and limits are those of then"() {
        when:
        def err = script('''
            def b = container('b') { }.start()
            System.err.println b.exec('sh', '-c', 'yes & exit 3', tee: true).exit
            def c = container('c') { process { args 'yes' } }.start()
            c.waitFor { log ~/y/ }
            System.err.println c.logs.contains('y')
            try { c.waitFor(300.ms) { log ~/n/ } } catch (e) { System.err.println e.message.readLines()[0] }
        ''').err

        then:
        err == '3\ntrue\nwait for `c`: log ~/n/: not so after 0.3s\n'
    }

    def "what is shown as it comes may be of any length, and its last part is kept"() {
        expect:
        script('''
            def b = container('b') { }.start()
            def much = 'yes | head -c 80000000; echo; echo end'
            def shown = [b.sh(much), b.exec('sh', '-c', much, tee: true).check(), b.command('sh', '-c', much).tee()]
            System.err.println shown.collect { [it.bytes.length >> 20, it.lines[-1]] }
            b.exec('sh', '-c', much)
        ''').err.readLines() == [
                '[[8, end], [8, end], [8, end]]',
                'gantry: exec in `b`: `sh -c yes | head -c 80000000; echo; echo end` was killed: ' +
                    'it wrote more than 64 MiB [x.ctr.groovy:6]; hint: let it write to a file, or into a pipe',
        ]
    }
}
