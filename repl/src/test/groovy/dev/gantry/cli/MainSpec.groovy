package dev.gantry.cli

import dev.gantry.error.ContainerException
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

    def "options before the command take one dash or two, `=` or a blank: #args"() {
        expect:
        run(*(args.collect { it.replace('ROOT', dir.toString()) })) == 0
        out.toString() == ''

        where:
        args << [['--root', 'ROOT', 'list', '-q'], ['--root=ROOT', 'list', '-q'], ['-root', 'ROOT', 'list', '--quiet'], ['-root=ROOT', 'list', '-quiet']]
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

    def "spec writes a config once"() {
        expect:
        run('spec', '--bundle', dir.toString()) == 0
        Files.readString(dir.resolve('config.json')).startsWith('{\n\t"ociVersion": "1.3.0"')
        run('spec', '--bundle', dir.toString()) == 1
        err.toString().startsWith('gantry: File config.json exists. Remove it first')
    }

    def "user `#text` is uid #uid and gid #gid"() {
        expect:
        ExecCommand.user(text).with { [it.uid(), it.gid()] } == [uid, gid]

        where:
        text              || uid          | gid
        '1'               || 1            | 0
        '1:2'             || 1            | 2
        '0:0'             || 0            | 0
        '4294967294:5'    || 4294967294L  | 5
    }

    def "user `#text` is refused, never taken for root"() {
        when:
        ExecCommand.user(text)

        then:
        def e = thrown(ContainerException)
        e.line() == "parse user `$text`; hint: UID or UID:GID, as numbers"

        where:
        text << ['', ':2', '1:', '01', '-1', '4294967295', '99999999999', '1x', 'root', '1:2:3', ' 1', '+1', '0x1']
    }
}
