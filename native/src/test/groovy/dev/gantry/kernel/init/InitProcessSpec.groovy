package dev.gantry.kernel.init

import dev.gantry.kernel.Kernel
import dev.gantry.kernel.jnr.LinuxKernel
import dev.gantry.wire.Op
import dev.gantry.wire.Orders
import dev.gantry.wire.Wire
import java.nio.file.Path
import spock.lang.AutoCleanup
import spock.lang.Shared
import spock.lang.Specification

/** Real processes of gantry-init, whose reports nobody reads: as if stage one had been killed before it made them. */
class InitProcessSpec extends Specification {
    private static final int SIGKILL = 9

    @Shared Kernel kernel = LinuxKernel.load()
    @Shared @AutoCleanup InitBinary program = InitBinary.load(kernel)

    private InitProcess start(Orders orders) {
        InitProcess.start(kernel, program, orders.step(Wire.NO_STEP).toBytes(), [:])
    }

    private static Orders cloning() {
        def orders = new Orders()
        orders.step(0).add(Op.CLONE).set('namespaces', 0)
        orders.step(1).add(Op.SYNC)
        orders
    }

    def "a stage two that was not reported is found, and no other one"() {
        given: 'others beside it'
        def inits = (1..3).collect { start(cloning()) }

        when:
        def found = inits*.findStageTwo()

        then: 'children of this process that are still there'
        found*.asInt.toSet().size() == 3
        found.each { assert ProcessHandle.of(it.asInt).get().parent().get().pid() == ProcessHandle.current().pid() }

        when:
        found.each { kernel.kill(it.asInt, SIGKILL) }
        def ends = found.collect { kernel.waitFor(it.asInt) }

        then:
        ends*.signal() == [SIGKILL] * 3

        cleanup:
        inits*.close()
    }

    def "a stage two that was killed, too, is found until it is reaped"() {
        given:
        def init = start(cloning())
        def pid = init.findStageTwo().asInt

        when:
        kernel.kill(pid, SIGKILL)

        then:
        init.findStageTwo().asInt == pid

        when:
        kernel.waitFor(pid)

        then:
        init.findStageTwo().empty

        cleanup:
        init.close()
    }

    def "a program that gives itself the name is not taken for stage two"() {
        given: 'a child of this process, as the first process of a container is'
        def done = new Orders()
        done.step(0).add(Op.DONE)
        def init = start(done)
        def script = "printf gantry:${init.stageOne()} >/proc/self/comm; echo named; read end"
        def forger = new ProcessBuilder('bash', '-c', script).start()
        assert forger.inputReader().readLine() == 'named'
        assert Path.of("/proc/${forger.pid()}/comm").toFile().text == "gantry:${init.stageOne()}\n"

        expect:
        init.findStageTwo().empty
        forger.alive

        cleanup:
        forger.destroyForcibly().waitFor()
        init.close()
    }

    def "there is none where stage one has made none, and none is looked for once stage one is reaped"() {
        given:
        def done = new Orders()
        done.step(0).add(Op.DONE)
        def childless = start(done)
        def reaped = start(cloning())
        def pid = reaped.findStageTwo().asInt

        when:
        reaped.reapStageOne()

        then:
        childless.findStageTwo().empty
        reaped.findStageTwo().empty

        cleanup:
        kernel.kill(pid, SIGKILL)
        kernel.waitFor(pid)
        [childless, reaped]*.close()
    }
}
