package dev.gantry.dsl.live

import dev.gantry.dsl.ScriptContext
import dev.gantry.dsl.ScriptParams
import dev.gantry.dsl.ScriptSession
import dev.gantry.dsl.source.ScriptMistakes
import dev.gantry.dsl.source.ScriptSource
import dev.gantry.oci.Process
import dev.gantry.oci.User
import dev.gantry.text.Secrets
import java.nio.file.Path
import spock.lang.Specification

/** Options of `exec` are read or refused in one line before anything starts. */
class ExecRequestSpec extends Specification {
    def session = new ScriptSession(new ScriptSource('x.ctr.groovy', Path.of('/'), "box.exec('ls')"),
        ScriptContext.ofReading([], ScriptParams.NONE, new Secrets()))
    def process = Process.builder()
            .args(['ls'])
            .cwd('/src')
            .env(['A=1', 'B=2'])
            .user(User.builder().uid(7).gid(8).additionalGids([9]).build())
            .build()

    def "without options, nothing changes"() {
        expect:
        ExecRequest.of('exec', process, [:], session, null).process() == process
    }

    def "options change the process: #options"() {
        when:
        def changed = ExecRequest.of('exec', process, options, session, null).process()

        then:
        changed.args() == ['ls']
        changed.cwd() == cwd
        changed.env() == env
        [changed.user().uid(), changed.user().gid(), changed.user().additionalGids()] == user

        where:
        options                      || cwd    | env               | user
        [cwd: '/']                   || '/'    | ['A=1', 'B=2']    | [7, 8, [9]]
        [env: [C: 3, A: 'x']]        || '/src' | ['B=2', 'C=3', 'A=x'] | [7, 8, [9]]
        [env: [A: null]]             || '/src' | ['B=2']           | [7, 8, [9]]
    }

    def "wrong options are refused: #options"() {
        when:
        ExecRequest.of('exec', process, options, session, null)

        then:
        def e = thrown(ScriptMistakes)
        e.mistakes()*.text() == [line]

        where:
        options           || line
        [cwd: 1]          || 'container: `cwd` of `exec` must be text, not `1`'
        [cdw: '/']        || 'container: `exec` has no option `cdw`; did you mean `cwd`?'
        [env: 'A=1']      || 'container: `env` of `exec` must be a map, not text'
        [user: '']        || "container: `user` of `exec` must be a name or a number, or 'user:group', not ``"
        [timeout: '0s']   || 'container: `timeout`: it must be longer than 0'
        [user: '1:2:3']   || "container: `user` of `exec` must be a name or a number, or 'user:group', not `1:2:3`"
        [timeout: 'soon'] || "container: `timeout`: `soon` is not a length of time; hint: write `2.s` or '500ms'"
        [stdin: 5]        ||
            'container: `stdin` must be text, a file, bytes, a stream or a result of `exec`, not a whole number'
        [tee: 'yes']      || 'container: `tee` of `exec` must be true or false, not text'
        [user: null]      || "container: `user` of `exec` must be a name or a number, or 'user:group', not `null`"
    }
}
