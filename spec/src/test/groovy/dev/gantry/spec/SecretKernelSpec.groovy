package dev.gantry.spec

import com.fasterxml.jackson.databind.ObjectMapper
import dev.gantry.spec.support.ScriptSpecification
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.attribute.PosixFilePermissions
import java.util.concurrent.TimeUnit
import spock.lang.Timeout

/** What a script calls secret is nowhere in what Gantry writes about it. */
@RequiresKernel
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class SecretKernelSpec extends ScriptSpecification {
    private static final TOKEN = 'hunter2 "quoted" <xml> \\ end'

    def setup() {
        Files.writeString(dir.resolve('token'), TOKEN)
    }

    private String declared() {
        "def token = secret(new File('${dir.resolve('token')}').text)\ndef box = container('box') { }\n"
    }

    private static boolean isClean(String text) {
        !text.contains('hunter2') && !text.contains('quoted')
    }

    def "in no message, report or output: #what"() {
        when:
        def outcome = script(['--summary', '--junit', 'report.xml'], declared() + text)
        def report = Files.readString(dir.resolve('report.xml'))

        then:
        outcome.exit == status
        isClean(outcome.out + outcome.err)
        (outcome.out + outcome.err).contains(shown)
        isClean(report)
        report.contains(inReport)

        where:
        what                          | text                               || status | shown          | inReport
        'a command that fails'        | 'box.start().exec("sh", "-c", "exit 3", token).check()' ||
            3      | 'exec `sh -c exit 3 ***`: exit status 3' | 'exec `sh -c exit 3 ***`: exit status 3'
        'what it wrote' | $/box.start().exec('sh', '-c', 'printf "%s\n" "$1"; exit 3', 'x', token).check()/$ ||
            3      | '\n  ***\n'    | '<system-out>***'
        'a command that ends well'    | 'step("with $token") { box.start().exec("true", token).check() }' ||
            0      | 'box'          | 'name="with ***"'
        'a program that is not there' | 'box.start().exec(token)'          || 127    | '***'          | '***'
        'a script that throws'        | 'throw new Exception("no $token")' || 1      | 'no *** ['     | 'no ***'
        'an assertion that fails'     | 'assert token == "x"'              || 1      | '***'          | '***'
        'what the script prints'      | 'println "[$token]"'               || 0      | '[***]\n'      | 'x.ctr.groovy'
        'what a command prints'       | 'box.start().exec("printf", "%s", token).tee().check()' ||
            0      | '***'          | '<system-out>***'
        'what a first process prints' |
            'def p = container("p") { process { args "printf", "%s", token } }\np.start()\np.waitFor()' || 0 | '***' |
                'x.ctr.groovy'
        'a handler that fails' | 'def p = container("p") { process { args "true" } }\n' +
            'p.onExit { throw new Exception(token) }\np.start()\np.waitFor()\nsleep 300' ||
            0      | 'warning: ***' | 'x.ctr.groovy'
    }

    def "in no line of a log in JSON"() {
        when:
        def outcome = script(['--log-format', 'json'], declared() + $/
            box.start()
            step(token) { box.exec('true', token).check() }
            box.exec('sh', '-c', 'printf "%s\\n" "$$1" >&2', 'x', token).tee().check()
            throw new Exception(token)
        /$)
        def lines = outcome.err.readLines().collect { new ObjectMapper().readTree(it) }

        then:
        isClean(outcome.err)
        lines*.get('event')*.asText() == ['made', 'exec', 'step', 'stderr', 'exec', 'ended', 'error']
        lines[1].get('command').asText() == 'true ***'
        lines[2].get('name').asText() == '***'
        lines[3].get('message').asText() == '***'
        lines[6].get('message').asText().startsWith('*** [')
    }

    def "in no plan, nor what a check says; a bundle has it, for its owner only, with a warning"() {
        given:
        def wrong = declared() + "container('job') { process { args 'login', token; cwd token } }"
        def right = declared() + "container('job') { process { args 'login', token } }"

        expect:
        with(gantry.run('check', file(wrong))) {
            exit == 1
            isClean(err)
            err.contains('***')
        }
        with(gantry.run('explain', file(right))) {
            exit == 0
            isClean(out)
            out.contains('***')
        }
        with(gantry.run('compile', file(right), '-o', 'bundles')) {
            exit == 0
            err.contains('gantry: warning: container `job`: ' +
                'a secret is in its config.json, for the owner of the file to read')
            !err.contains('container `box`: a secret')
        }
        def config = dir.resolve('bundles/job/config.json')
        new ObjectMapper().readTree(config.toFile()).at('/process/args/1').asText() == TOKEN
        PosixFilePermissions.toString(Files.getPosixFilePermissions(config)) == 'rw-------'
    }

    def "a text that is not there hides nothing, and says so"() {
        expect:
        with(script('secret(null)')) {
            exit == 1
            err == 'gantry: secret: there is nothing to hide: the text is null [x.ctr.groovy:1]\n'
        }
        gantry.run('check', file("secret(System.getenv('NO_SUCH_TOKEN'))")).exit == 0
    }
}
