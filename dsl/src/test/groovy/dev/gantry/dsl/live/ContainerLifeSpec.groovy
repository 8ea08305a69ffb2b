package dev.gantry.dsl.live

import dev.gantry.dsl.DefinitionsEnd
import dev.gantry.dsl.RehearsedSession
import dev.gantry.dsl.ScriptContext
import dev.gantry.dsl.ScriptParams
import dev.gantry.dsl.ScriptSession
import dev.gantry.dsl.Scripts
import dev.gantry.dsl.rehearsal.UnknownValue
import dev.gantry.dsl.source.ScriptSource
import dev.gantry.error.ContainerException
import dev.gantry.text.Secrets
import java.nio.file.Path
import java.time.Duration
import spock.lang.Specification
import spock.lang.TempDir

/** The two lives that a definition can have, as far as no container is made. */
class ContainerLifeSpec extends Specification {
    @TempDir
    Path dir

    def source = new ScriptSource('x.ctr.groovy', Path.of('/'), 'box.start()')
    def context = ScriptContext.ofReading([], ScriptParams.NONE, new Secrets())

    private ContainerLife life(Session session, String body) {
        ContainerLife.of(session, 'box', new Scripts(dir).container(body), null)
    }

    private ContainerLife rehearsed(String body = "process { args 'true' }") {
        life(new RehearsedSession(source, context, null), body)
    }

    def "the session decides which it is"() {
        expect:
        rehearsed() instanceof RehearsedLife
        life(new ScriptSession(source, context), '') instanceof RealLife
    }

    def "a container that is tried counts as made from then on: what it answers is unknown"() {
        given:
        def life = rehearsed()

        expect:
        life.made() == null

        when:
        life.start()
        life.start()
        life.made()

        then:
        thrown(UnknownValue)
    }

    def "a container that is tried cannot be asked to #what"() {
        when:
        action(rehearsed())

        then:
        thrown(UnknownValue)

        where:
        what     | action
        'run'    | { it.run() }
        'pause'  | { it.pause() }
        'resume' | { it.resume() }
        'delete' | { it.delete(true) }
        'stop'   | { it.stop(Duration.ofSeconds(1)) }
        'end'    | { it.waitFor(Duration.ofSeconds(1)) }
        'tell'   | { it.logs() }
        'listen' | { it.listen { } }
    }

    def "a block is tried with it, once"() {
        given:
        def calls = 0

        expect:
        rehearsed().whileStarted('inside') { ++calls } == 1
        calls == 1
    }

    def "what cannot be made is told in a check too: #body"() {
        when:
        rehearsed(body).run()

        then:
        def e = thrown(ContainerException)
        e.message == message

        where:
        body                                        || message
        ''                                          || 'run `box`: without `args` it would wait for ever'
        "process { args 'true'; terminal true }"    || 'run `box`: a script has no terminal to give'
    }

    def "a script that is only read ends before a container is made: #what"() {
        when:
        action(life(new ScriptSession(source, context), "process { args 'true' }"))

        then:
        thrown(DefinitionsEnd)

        where:
        what    | action
        'start' | { it.start() }
        'run'   | { it.run() }
        'pause' | { it.pause() }
    }
}
