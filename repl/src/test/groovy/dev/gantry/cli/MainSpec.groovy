package dev.gantry.cli

import com.fasterxml.jackson.databind.ObjectMapper
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir

/** The command line as far as it needs no container. */
class MainSpec extends Specification {
    @TempDir Path dir
    private final out = new ByteArrayOutputStream()
    private final err = new ByteArrayOutputStream()

    private int run(String... args) {
        new Main(new PrintStream(out, true), new PrintStream(err, true)).run(args)
    }

    def "#args shows the version in the three lines that callers read"() {
        expect:
        run(*args) == 0
        out.toString().readLines()*.replaceAll(/ \S+$/, '') == ['gantry version', 'commit:', 'spec:']
        err.toString() == ''

        where:
        args << [['--version'], ['-version'], ['-v'], ['--debug', '--version']]
    }

    def "#args shows the help and succeeds"() {
        expect:
        run(*args) == 0
        out.toString().startsWith('NAME:\n   gantry')

        where:
        args << [['--help'], ['-h'], ['run', '--help'], ['exec', '-h']]
    }

    def "`gantry #args` says what was meant: #message"() {
        expect:
        run(*args) == status
        out.toString() == ''
        err.toString() == "gantry: $message\n"

        where:
        args                                || status | message
        ['noext']                           ||
            3      | "No help topic for 'noext': no such command or script; see `gantry --help`"
        ['lst']                             ||
            3      | "No help topic for 'lst': no such command or script; did you mean `list`?"
        ['dotcor']                          ||
            3      | "No help topic for 'dotcor': no such command or script; did you mean `doctor`?"
        ['pull', 'alpine']                  ||
            3      | "No help topic for 'pull': no such command or script; hint: there are no images; " +
                "a script says `rootfs dir('unpacked')`"
        ['rm', 'x']                         ||
            3      | "No help topic for 'rm': no such command or script; hint: `gantry delete CONTAINER`"
        ['logs', 'x']                       ||
            3      | "No help topic for 'logs': no such command or script; hint: a script has `box.logs`"
        ['pom.xml']                         || 3      |
            "No help topic for 'pom.xml': no such command or script; hint: `gantry ./pom.xml` runs a file of any name"
        ['delete', '--forse', 'x']          || 1      | 'unrecognized option: --forse; did you mean `--force`?'
        ['run', '--sumary', 'x.ctr.groovy'] || 1      | 'unrecognized option: --sumary; did you mean `--summary`?'
        ['--sumary', 'x.ctr.groovy']        || 1      | 'unrecognized option: --sumary; did you mean `--summary`?'
        ['--rot', '/x', 'list']             || 1      | 'unrecognized option: --rot; did you mean `--root`?'
        ['--xyzzy']                         || 1      | 'unrecognized option: --xyzzy; hint: see `gantry --help`'
    }

    def "options of a script may stand before it and after `run`: #before"() {
        given:
        def script = Files.writeString(dir.resolve('x.ctr.groovy'), "println param('a', default: 'none') + args")
            .toString()

        expect:
        run(*before, script, *after) == 0
        out.toString() == printed
        err.toString() == told.replace('FILE', script)

        where:
        before                             | after                  || printed              | told
        []                                 | ['-P', 'a=b']          || 'b[]\n'              | ''
        ['-P', 'a=b']                      | []                     || 'b[]\n'              | ''
        ['run', '-P', 'a=b']               | ['c']                  || 'b[c]\n'             | ''
        ['--timeout', '1min', '-P', 'a=b'] | []                     || 'b[]\n'              | ''
        []                                 | ['--junit', 'x']       ||
            'none[--junit, x]\n' | 'gantry: warning: `--junit` after the script is an argument of the script\'s own; ' +
                'hint: write it before `FILE`\n'
        []                                 | ['--', '--junit', 'x'] || 'none[--junit, x]\n' | ''
        []                                 | ['--other', 'x']       || 'none[--other, x]\n' | ''
    }

    def "`--junit` before a script writes the report"() {
        given:
        def script = Files.writeString(dir.resolve('x.ctr.groovy'), 'step("a") { }')

        expect:
        run('--junit', dir.resolve('r.xml').toString(), script.toString()) == 0
        Files.readString(dir.resolve('r.xml')).contains('name="a"')
    }

    def "the help of `run` has the options of scripts too"() {
        expect:
        run('run', '--help') == 0
        def told = out.toString().split('\nFOR A SCRIPT:\n')
        told[0].contains('--bundle, -b DIR')
        told[1].readLines()*.trim()*.split(' ')*.first() ==
                ['gantry', '--debug-on-failure', '--junit', '--log-format', '--param,', '--summary', '--timeout']
    }

    /** Takes some octets, then fails as a full disk or a pipe without a reader does. */
    private static OutputStream failing(String reason, int room = 0) {
        new OutputStream() {
            private int left = room

            @Override
            void write(int octet) {
                if (left-- <= 0) {
                    throw new IOException(reason)
                }
            }
        }
    }

    def "an answer that cannot be written is a failure: #args"() {
        when:
        def status = new Main(failing('No space left on device', room), new PrintStream(err, true)).run(*args)

        then:
        status == 1
        err.toString() == 'gantry: write to standard output: no space left on device (ENOSPC)\n'

        when: 'nobody reads it any more'
        err.reset()
        status = new Main(failing('Broken pipe', room), new PrintStream(err, true)).run(*args)

        then:
        status == 141
        err.toString() == ''

        where:
        args                      | room
        ['--version']             | 0
        ['--help']                | 100
        ['state', '--help']       | 0
        ['features']              | 10
    }

    def "what a script prints and cannot be written is a failure, unless the script has failed: #text"() {
        given:
        def script = Files.writeString(dir.resolve('x.ctr.groovy'), text)

        when:
        def status = new Main(failing('No space left on device'), new PrintStream(err, true)).run(script.toString())

        then:
        status == expected
        err.toString().contains('gantry: write to standard output: no space left on device (ENOSPC)\n')

        where:
        text                       || expected
        'println 1'                || 1
        'print 1'                  || 1
        'secret "hunter2"; print "hunt"' || 1
    }

    def "options before the command take one dash or two, `=` or a blank: #args"() {
        expect:
        run(*(args.collect { it.replace('ROOT', dir.toString()) })) == 0
        out.toString() == ''

        where:
        args << [['--root', 'ROOT', 'list', '-q'], ['--root=ROOT', 'list', '-q'], ['-root', 'ROOT', 'list', '--quiet'],
            ['-root=ROOT', 'list', '-quiet']]
    }

    def "a mistake on the command line is one line: #args"() {
        expect:
        run(*args) == 1
        err.toString() == "gantry: $message\n"

        where:
        args                      || message
        ['run', '--bogus', 'x']   || 'unrecognized option: --bogus'
        ['run', '--bundle']       || 'option `--bundle` requires an argument'
        ['list', '-f', 'xml']     || 'invalid format option `xml`'
        ['start']                 || '`CONTAINER` is missing'
    }

    def "options without a value may have one: #args"() {
        expect:
        run(*(args.collect { it.replace('ROOT', dir.toString()) })) == exit
        err.toString().trim() == message

        where:
        args                                               || exit | message
        ['--debug=false', '--root=ROOT', 'list', '-q']     || 0    | ''
        ['-rootless=true', '--root=ROOT', 'list', '-q=1']  || 0    | ''
        ['--rootless', 'auto', '--root=ROOT', 'list']      || 0    | ''
        ['--root=ROOT', 'delete', '-force=true', 'none']   || 0    | ''
        ['--root=ROOT', 'delete', '--force=false', 'none'] ||
            1    | 'gantry: container `none` does not exist; hint: see `gantry list`'
        ['--root=ROOT', 'list', '-q=maybe']                || 1    | 'gantry: invalid boolean value `maybe` for q'
        ['--rootless=perhaps', 'list']                     ||
            1    | 'gantry: invalid value for rootless: `perhaps` is not true, false or auto'
        ['--log-format', 'xml', 'list']                    || 1    | 'gantry: invalid log-format: xml'
        ['--log', '/no/such/dir/log', 'list']              ||
            1    | 'gantry: log file `/no/such/dir/log`: no such file or directory (ENOENT)'
    }

    def "an error is one JSON object in the log, and its message on standard error"() {
        given:
        def log = dir.resolve('log.json').toFile()

        expect:
        run('--log', log.path, '--log-format', 'json', '--root', "$dir/state", 'state', 'none') == 1
        err.toString() == 'container `none` does not exist; hint: see `gantry list`\n'
        log.text ==~ /\{"level":"error","msg":"container `none` does not exist; / +
            /hint: see `gantry list`","time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"}\n/
    }

    def "a log that is full hides no error, and ends nothing that goes well"() {
        expect:
        run(*options, '--log', '/dev/full', '--root', "$dir/state", *command) == exit
        err.toString().replace('"', "'") == message

        where:
        options     | command           || exit | message
        []          | ['state', 'none'] || 1    | 'container `none` does not exist; hint: see `gantry list`\n' + FULL
        []          | ['list', '-q']    || 0    | ''
        ['--debug'] | ['list', '-q']    || 0    | FULL
    }

    private static final FULL = 'gantry: warning: log file `/dev/full`: no space left on device (ENOSPC)\n'

    def "without a log file, lines of the format that was asked for are on standard error"() {
        expect:
        run('--log-format', format, '--root', "$dir/state", 'state', 'none') == 1
        err.toString() ==~ line

        where:
        format | line
        'text' | /time="\S+Z" level=error msg="container `none` does not exist; hint: see `gantry list`"\n/
        'json' | /\{"level":"error","msg":"container `none`[^\n]*\n/
    }

    def "debug lines are in the log, not on standard error"() {
        given:
        def log = dir.resolve('log.json').toFile()

        expect:
        run('--debug', '--log', log.path, '--log-format', 'json', '--root', "$dir/state", 'list') == 0
        err.toString() == ''
        log.text.startsWith('{"level":"debug","msg":"list')
    }

    def "features are JSON, and list no seccomp flag that callers would not know"() {
        expect:
        run('features') == 0
        with(new ObjectMapper().readTree(out.toString())) {
            it.at('/ociVersionMax').asText() == '1.3.0'
            it.at('/hooks')*.asText() ==
                ['prestart', 'createRuntime', 'createContainer', 'startContainer', 'poststart', 'poststop']
            it.at('/mountOptions')*.asText().containsAll(['rro', 'bind', 'idmap', 'rprivate'])
            it.at('/linux/seccomp/supportedFlags')*.asText() ==
                ['SECCOMP_FILTER_FLAG_LOG', 'SECCOMP_FILTER_FLAG_SPEC_ALLOW', 'SECCOMP_FILTER_FLAG_TSYNC']
            it.at('/linux/mountExtensions/idmap/enabled').asBoolean()
        }
    }

    def "checkpoint and restore say that they are not there, and still know what they are asked: #args"() {
        expect:
        run(*args) == exit
        (out.toString() + err.toString()).contains(text)

        where:
        args                                             || exit | text
        ['checkpoint', '--help']                         || 0    | 'NAME:\n   gantry checkpoint'
        ['restore', '--help']                            || 0    | '--lsm-mount-context'
        ['restore', '--lsm-mount-context']               || 1    | 'requires an argument'
        ['checkpoint', '--image-path', '/x', 'box']      || 1    | 'checkpoint `box`: checkpoints are not supported'
        ['restore', '-no-subreaper', '--bundle=.', 'box'] || 1   | 'restore `box`: checkpoints are not supported'
    }

    def "spec writes a config once"() {
        expect:
        run('spec', '--bundle', dir.toString()) == 0
        Files.readString(dir.resolve('config.json')).startsWith('{\n\t"ociVersion": "1.3.0"')
        run('spec', '--bundle', dir.toString()) == 1
        err.toString().startsWith('gantry: File config.json exists. Remove it first')
    }
}
