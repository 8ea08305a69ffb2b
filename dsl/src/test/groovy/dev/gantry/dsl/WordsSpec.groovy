package dev.gantry.dsl

import dev.gantry.dsl.source.ScriptMistakes
import dev.gantry.oci.HookPoint
import dev.gantry.oci.SeccompAction
import dev.gantry.oci.codec.OciWriter
import dev.gantry.text.Secrets
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir

/** Presets, raw, seccomp, hooks and parameters: words that say more than one property. */
class WordsSpec extends Specification {
    @TempDir
    Path dir

    def "the design's definition compiles verbatim, in both modes"() {
        given:
        def text = "$directive\n${Scripts.DESIGN}"

        when:
        def definition = new Scripts(dir).definitions(text)['box']
        def config = definition.config()

        then:
        config.hooks().poststop()*.args() == [['/usr/bin/logger', 'gone']]
        definition.callbacks().keySet() == [HookPoint.CREATE_RUNTIME] as Set
        config.linux().seccomp().syscalls().last().names() == ['ptrace']
        config.linux().seccomp().syscalls().last().action() == SeccompAction.ERRNO
        config.linux().seccomp().syscalls().findAll { 'ptrace' in it.names() }.size() == 1

        where:
        directive << ['// checked', '// @dynamic']
    }

    def "a preset says many things, and what is said later outweighs it"() {
        when:
        def config = new Scripts(dir).container("preset 'hardened'\nresources { pids 5 }\nrootfs host()").config()

        then:
        config.process().capabilities().bounding().empty
        config.process().isNoNewPrivileges()
        config.linux().seccomp() != null
        config.linux().resources().pids().limit() == 5
        config.root().isReadonly()
    }

    def "the preset 'ci' is for jobs"() {
        when:
        def config = new Scripts(dir).container("preset 'ci'").config()

        then:
        'CI=true' in config.process().env()
        config.process().oomScoreAdj() == 500
        config.linux().resources().pids().limit() == 4096
    }

    def "the preset 'none' leaves nothing"() {
        expect:
        OciWriter.text(new Scripts(dir).container("preset 'none'\nrootfs dir('/srv')").config()).replaceAll(/\s/, '') ==
                '{"ociVersion":"1.3.0","root":{"path":"/srv","readonly":true},"linux":{}}'
    }

    def "raw merges any property: #statement"() {
        when:
        def config = new Scripts(dir).container(statement).config()

        then:
        config.linux().intelRdt().closID() == 'batch'
        config.mounts().size() > 3

        where:
        statement << ["raw linux: [intelRdt: [closID: 'batch']]",
                      "raw '{\"linux\": {\"intelRdt\": {\"closID\": \"batch\"}}}'",
                      "raw { [linux: [intelRdt: [closID: 'batch']]] }"]
    }

    def "a parameter is what -P says, of the type that is asked for: #statement"() {
        given:
        def scripts = new Scripts(dir)
        def file = scripts.file("$directive\ndef x = $statement\n" +
            "container('a') { annotations v: \"\$x\"; resources { $use } }")

        expect:
        ScriptRunner.definitions(file, [], ScriptParams.of(given), new Secrets())['a'].config().annotations().v == value

        where:
        [[statement, use, given, value], directive] << [[
            ["param('n', default: 4, type: Integer)", 'pids x', [], '4'],
            ["param('n', default: 4, type: Integer)", 'pids x', ['n=7'], '7'],
            ["param('n', default: 4)", 'pids x', ['n=7'], '7'],
            ["param('n', default: 'a')", 'unified a: x', ['n=b=c'], 'b=c'],
            ["param('n')", 'unified a: x', ['n=b'], 'b'],
            ["param('n', default: 1.MiB)", 'memory x', ['n=2m'], '2MiB'],
            ["param('n', default: true)", 'memory checkBeforeUpdate: x', ['n=false'], 'false'],
        ], ['// checked', '// @dynamic']].combinations()
    }

    def "a wrong parameter is told: #given"() {
        given:
        def file = new Scripts(dir).file("def n = param('jobs', type: Integer)\nprintln n")

        when:
        ScriptRunner.definitions(file, [], ScriptParams.of(given), new Secrets())

        then:
        def e = thrown(dev.gantry.error.ContainerException)
        e.line().contains(text)

        where:
        given                  || text
        []                     || 'parameter `jobs` is not given; hint: add `-P jobs=...`'
        ['jobs=x']             || 'parameter `jobs` must be a whole number, not `x`'
        ['jobs=1', 'jbos=2']   || '`-P jbos`: the script has no such parameter; did you mean `jobs`?'
        ['jobs']               || '`-P jobs`: must be name=value'
    }

    def "a parameter that a script does not have is told before the script does anything: #text"() {
        given:
        def printed = new ByteArrayOutputStream()
        def runner = new ScriptRunner({ throw new AssertionError() }, new PrintStream(printed, true))

        when:
        runner.run(new Scripts(dir).file("println 'begun'\n$text"), [], ScriptParams.of(given))

        then:
        def e = thrown(dev.gantry.error.ContainerException)
        e.line() == told
        printed.toString() == output

        cleanup:
        runner.close()

        where:
        text                                    | given      || told                                       | output
        "println param('jobs', default: 1)"     | ['jbos=2'] ||
            '`-P jbos`: the script has no such parameter; did you mean `jobs`?' | ''
        "println param 'jobs', default: 1"      | ['x=2']    || '`-P x`: the script has no such parameter' | ''
        "println 1"                             | ['x=2']    || '`-P x`: the script has no such parameter' | ''
        "def n = 'a'\nprintln param(n + 'b', default: 1)" | ['x=2']    ||
            '`-P x`: the script has no such parameter' | 'begun\n1\n'
        "println param(\"a\${1}\", default: 1)" | ['x=2']    ||
            '`-P x`: the script has no such parameter' | 'begun\n1\n'
    }

    def "wrong: #statement"() {
        expect:
        new Scripts(dir).complaint("// @dynamic\ncontainer('a') {\n$statement\n}") ==
                Scripts.mistake(3, statement, column, length, text)

        where:
        statement                                      || column | length | text
        "raw linux: [foo: 1]"                          ||
            1      | 19     | 'container: `foo` is no property of the OCI specification'
        "raw 5.5"                                      || 1      | 3      |
            "container: `raw` cannot take a decimal number; hint: write `raw linux: [intelRdt: [closID: 'batch']]`"
        "preset 'safe'"                                ||
            9      | 4      | "container: `preset` must be 'hardened', 'ci' or 'none', not `safe`"
        "hostname 'a'; preset 'none'"                  ||
            23     | 4      | "container: `preset` 'none' must be the first word of the definition"
        "seccomp { profile 'no.json' }"                ||
            20     | 7      | "seccomp: `profile` cannot read `no.json`; hint: write 'default', 'unconfined' or a file"
        "seccomp { syscall 'read' }"                   || 11     | 7      |
            "seccomp: `syscall` cannot take text; hint: write `syscall 'mkdir', action: 'SCMP_ACT_ERRNO', errnoRet: 28`"
        "seccomp { deny() }"                           ||
            11     | 4      | "seccomp: `deny` needs a value; hint: write `deny 'ptrace', 'keyctl'`"
        "hooks { poststop 'logger' }"                  ||
            19     | 6      | 'hooks: `poststop` needs the absolute path of a program, not `logger`'
        "hooks { poststopp '/a' }"                     ||
            9      | 9      | 'hooks: unknown keyword `poststopp`; did you mean `poststop`?'
        "hooks { startContainer { } }"                 ||
            9 | 14 | "hooks: `startContainer` cannot take a block; hint: write `startContainer '/sbin/ldconfig'`"
        "device '/dev/x', major: 1"                    || 9      | 6      | 'container: `device` needs `type:`'
        "process { ioPriority class: 'IOPRIO_CLASS_BE', priorty: 1 }" ||
            48     | 7      | 'process: `ioPriority` has no option `priorty`; did you mean `priority`?'
        "resources { deviceRule type: 'c' }"           || 13     | 10     | 'resources: `deviceRule` needs `allow:`'
        "process { capabilities { bounding 'NOPE' } }" ||
            36     | 4      | 'capabilities: `bounding` knows no capability `NOPE`'
    }

    def "the mistakes of all definitions are told at once by a check"() {
        when:
        new Scripts(dir).definitions("// @dynamic\ncontainer('a') { hostnam 'x' }\n" +
            "container('b') { process { argz 'x' } }")

        then:
        def e = thrown(ScriptMistakes)
        e.mistakes()*.place()*.line() == [2, 3]
    }

    def "a config becomes a script and the script the config again: #name"() {
        given:
        def config = new Scripts(dir).container(body).config()
        def text = Decompiler.script('box', config)

        expect:
        new Scripts(dir).definitions(text)['box'].config() == config
        Decompiler.script('box', config) == text

        where:
        body << EveryPropertySpec.DEFINITIONS +
            ['', "process { args 'a', 'it\\'s \\\\ \"\$x\" \\n \u00e4' }", "preset 'hardened'"]
        name = body.readLines().find { !it.blank } ?: 'nothing said'
    }
}
