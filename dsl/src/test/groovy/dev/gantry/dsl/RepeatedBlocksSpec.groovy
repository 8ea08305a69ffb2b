package dev.gantry.dsl

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/** Blocks that are run again, blocks with a time limit, and environment variables from a file. */
@Timeout(60)
class RepeatedBlocksSpec extends Specification {
    @TempDir
    Path dir

    private String printed(String text) {
        def scripts = new Scripts(dir)
        assert scripts.complaint(text) == 'no complaint'
        scripts.printed.toString().replace("$dir/", '')
    }

    def "retry runs a block until it does not fail, and tells of each time that it does"() {
        expect:
        printed('''\
            int time = 0
            println retry(3) { time++; if (time < 3) { throw new IllegalStateException("no $time") }; "at $time" }
            '''.stripIndent()) == '''\
            gantry: warning: retry: attempt 1 of 3 failed: no 1 [x.ctr.groovy:2]
            gantry: warning: retry: attempt 2 of 3 failed: no 2 [x.ctr.groovy:2]
            at 3
            '''.stripIndent()
    }

    def "the last failure of retry is the script's"() {
        expect:
        new Scripts(dir).complaint("retry(2) { throw new IllegalStateException('no') }\n") ==
                'no [x.ctr.groovy:1]'
    }

    def "retry does not go on after exit"() {
        expect:
        new Scripts(dir).run("retry(3) { exit 4 }\n") == 4
    }

    def "what takes too long is given up: #statement"() {
        expect:
        new Scripts(dir).complaint("$statement\n").readLines() == ["$text [x.ctr.groovy:1]".toString()]

        where:
        statement                                         || text
        'timeout(50.ms) { sleep 50_000 }'                 || 'timeout: not done after 0.05s'
        "timeout('50ms') { sleep 50_000 }"                || 'timeout: not done after 0.05s'
        "step('x', timeout: 50.ms) { sleep 50_000 }"      || 'step `x`: not done after 0.05s'
        'timeout(20.s) { timeout(50.ms) { sleep 9000 } }' || 'timeout: not done after 0.05s'
    }

    def "what is done in time returns its value, and the time does not go on"() {
        expect:
        printed("println timeout(1.s) { 5 }\nprintln step('x', timeout: 1.s) { 6 }\nThread.sleep(1_200)\n") == '5\n6\n'
    }

    def "branches that a limit ends have ended when it is said"() {
        expect:
        printed('''\
            @groovy.transform.Field boolean ended
            def work() {
                try {
                    sleep 50_000
                } finally {
                    for (long end = System.nanoTime() + 200_000_000L; System.nanoTime() < end;) { }
                    ended = true
                }
            }
            try { timeout(50.ms) { parallel(a: { work() }) } } catch (e) { println e.message }
            println ended
            '''.stripIndent()) == 'timeout: not done after 0.05s\ntrue\n'
    }

    def "wrong numbers and times are told: #statement"() {
        expect:
        new Scripts(dir).complaint("$statement\n") == Scripts.mistake(1, statement, column, length, text)

        where:
        statement             || column | length | text
        'retry(0) { }'        || 7      | 1      | 'script: `retry` needs at least one time, not `0`'
        "timeout('soon') { }" || 10     | 4      | "script: `timeout`: `soon` is not a length of time; hint: write " +
            "`2.s` or '500ms'"
    }

    def "environment variables come from a file, as they are"() {
        given:
        Files.writeString(dir.resolve('.env'), '# for tests\n\nA=1\nB = two = 2\nfile=x\n')

        expect:
        new Scripts(dir).container("process { env file: '.env', C: 3 }").config().process().env().findAll {
            it =~ /^([ABC]|file)=/
        } == ['A=1', 'B= two = 2', 'file=x', 'C=3']
    }

    def "a file without variables is refused: #content"() {
        given:
        if (content == 'a directory') {
            Files.createDirectory(dir.resolve('.env'))
        } else if (content != null) {
            Files.writeString(dir.resolve('.env'), content)
        }
        def line = "container('a') { process { env file: '.env' } }"

        expect:
        new Scripts(dir).complaint("$line\n") == Scripts.mistake(1, line, 39, 4, text)

        where:
        content       || text
        'A=1\nnone\n' || 'process: `env` needs lines such as `NAME=value`, which `.env:2` is not'
        'a directory' || 'process: `env` needs a regular file, which `.env` is not'
        null          || 'process: `env` cannot read `.env`'
    }
}
