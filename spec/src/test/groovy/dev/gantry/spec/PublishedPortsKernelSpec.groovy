package dev.gantry.spec

import dev.gantry.spec.support.CProgram
import dev.gantry.spec.support.ScriptSpecification
import dev.gantry.spec.support.UnprivilegedUser
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.util.concurrent.TimeUnit
import spock.lang.Timeout

/** Scripts that reach what listens in their containers. */
@RequiresKernel(programs = ['cc:gcc'])
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class PublishedPortsKernelSpec extends ScriptSpecification {
    private static final ASK = """\
        String ask(int port) {
            new Socket('127.0.0.1', port).withCloseable { socket ->
                socket.outputStream.write('hello'.bytes)
                socket.shutdownOutput()
                new String(socket.inputStream.readAllBytes())
            }
        }
        """.stripIndent()

    def setupSpec() {
        Files.createDirectories(dir.resolve('root'))
        CProgram.compile('echo', dir.resolve('root'))
    }

    private static int free() {
        new ServerSocket(0).withCloseable { it.localPort }
    }

    def "a port that is published or asked for leads into the container, until that is deleted"() {
        given:
        def chosen = free()

        when:
        def outcome = script("""$ASK
            def web = container('web') {
                rootfs dir('root')
                process { args '/echo', '8080' }
                publish 8080, to: $chosen
                publish 9090
            }
            web.create()
            println web.port(8080) == $chosen && web.port(9090) != web.port(8080)
            web.start()
            web.waitFor { port 8080 }
            println ask($chosen)
            println ask(web.port(8080))
            web.delete(force: true)
            try {
                ask($chosen)
            } catch (ConnectException e) {
                println e.message
            }
            def db = container('db') {
                rootfs dir('root')
                process { args '/echo', '5432' }
                namespaces { network 'none' }
            }.start()
            db.waitFor { port 5432 }
            println ask(db.port(5432))
            """)

        then:
        [outcome.exit, outcome.err] == [0, '']
        outcome.out == 'true\nhello.\nhello.\nConnection refused\nhello.\n'
    }

    def "a port that another program has ends the start, and leaves no container"() {
        given:
        def taken = new ServerSocket(0)

        when:
        def outcome = script("""
            def web = container('web') {
                rootfs dir('root')
                process { args '/echo', '8080' }
                publish 8080, to: $taken.localPort, address: '0.0.0.0'
            }
            try {
                web.start()
            } finally {
                println web.status
            }
            """)

        then:
        outcome.out == 'defined\n'
        outcome.err ==
            "gantry: forward to port 8080: bind `0.0.0.0:$taken.localPort`: address already in use (EADDRINUSE) " +
                '[x.ctr.groovy:8]; hint: another program has that port; take a free one\n'

        cleanup:
        taken.close()
    }

    def "an ordinary user reaches a container of theirs"() {
        given:
        def user = new UnprivilegedUser()
        CProgram.compile('echo', user.home)
        Files.writeString(user.home.resolve('x.ctr.groovy'), """$ASK
            def web = container('web') {
                process { args '${user.home}/echo', '8080' }
                namespaces { network 'none' }
                publish 8080
            }.start()
            web.waitFor { port 8080 }
            println ask(web.port(8080))
            """)

        when:
        def outcome = user.gantry(user.home, 'x.ctr.groovy')

        then:
        [outcome.exit, outcome.out] == [0, 'hello.\n']

        cleanup:
        user?.close()
    }
}
