package dev.gantry.spec

import dev.gantry.spec.support.ScriptSpecification
import dev.gantry.spock.RequiresKernel
import java.util.concurrent.TimeUnit
import spock.lang.Timeout

/** What a script can still ask of a container that has run, and what it waits for in one that runs. */
@RequiresKernel(programs = ['python3:python3-minimal'])
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AfterTheEndKernelSpec extends ScriptSpecification {
    def "a web server that answers without end keeps nobody waiting for longer than was said"() {
        given:
        def server = 'import socket,time;s=socket.create_server(("127.0.0.1",8080));c=s.accept()[0];' +
            'c.send(b"HTTP/1.1 200 OK"+bytes([13,10]));[(c.send(b"a"),time.sleep(.05)) for _ in iter(int,1)]'

        expect:
        script("""\
            def web = container('web') { process { args 'python3', '-c', '$server' } }.start()
            try { web.waitFor(1.s) { http 8080, '/', 200 } } catch (e) { println e.message.readLines()[0] }
            """.stripIndent()).out == 'wait for `web`: http 8080, `/`, 200: not so after 1s\n'
    }

    def "logs answer after run and withRun, not after a delete; http waits for an answer; a time limit ends exec"() {
        when:
        def outcome = script('''\
            def said(name) { container(name) { process { args 'sh', '-c', "echo $name; exit 3" } } }
            def box = said('one')
            println "${box.run()} ${box.status} ${box.logs.trim()}"
            def two = said('two')
            two.withRun { println it.waitFor() }
            println two.logs.trim()
            two.start()
            two.waitFor()
            two.delete()
            try { two.logs } catch (e) { println e.message }
            def web = container('web') { process { args 'python3', '-m', 'http.server', '8080'; cwd '/proc/self' } }
            web.start()
            web.waitFor { http 8080, '/status', 200 }
            try { web.waitFor(300.ms) { http 8080, '/nope', 200 } } catch (e) { println e.message }
            try { web.waitFor(300.ms) { http 81, '/', 200 } } catch (e) { println e.message }
            long begin = System.nanoTime()
            try { timeout(300.ms) { web.exec('sleep', '50') } } catch (e) { println e.message }
            println web.exec('echo', 'on').text.trim() + (System.nanoTime() - begin < 20_000_000_000L)
            '''.stripIndent())

        then:
        outcome.out.readLines().findAll { !it.contains('GET /') } == '''\
            one
            3 defined one
            two
            3
            two
            two
            logs of `two`: it is deleted
            wait for `web`: http 8080, `/nope`, 200: not so after 0.3s
              it answers with 404
            wait for `web`: http 81, `/`, 200: not so after 0.3s
              nothing listens
            timeout: not done after 0.3s
            ontrue
            '''.stripIndent().readLines()
        outcome.exit == 0
    }
}
