package dev.gantry.kernel.init

import dev.gantry.kernel.Kernel
import dev.gantry.kernel.Signal
import dev.gantry.kernel.jnr.LinuxKernel
import dev.gantry.wire.Op
import dev.gantry.wire.Orders
import dev.gantry.wire.Report
import dev.gantry.wire.Slot
import dev.gantry.wire.Wire
import java.nio.ByteBuffer
import java.nio.ByteOrder
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

    def "an init that cannot be handed what it is to have is ended and reaped: #what"() {
        given:
        def before = ProcessHandle.current().children().toList()
        def fds = new File('/proc/self/fd').list().size()
        def closed = kernel.open('/dev/null')
        closed.close()
        def given = what == 'a slot' ? [(Slot.STATE): closed] : [:]

        when:
        InitProcess.start(kernel, program, cloning().step(Wire.NO_STEP).toBytes(), given,
            what == 'a slot' ? [] : [closed])

        then:
        def e = thrown(IllegalStateException)
        e.message.endsWith(' is closed')
        ProcessHandle.current().children().toList() == before
        new File('/proc/self/fd').list().size() == fds

        where:
        what << ['a slot', 'a descriptor for the program']
    }

    def "an init that is stopped is killed when its time is out"() {
        given:
        def init = start(cloning())
        def stageTwo = init.findStageTwo().asInt
        def stopped = new Orders()
        stopped.step(0).add(Op.SYNC)
        def waiting = start(stopped)
        kernel.kill(waiting.stageOne(), Signal.STOP)

        when:
        waiting.endWithin(50)

        then:
        waiting.reapStageOne().signal() == SIGKILL

        cleanup:
        waiting.close()
        kernel.kill(stageTwo, SIGKILL)
        kernel.waitFor(stageTwo)
        init.close()
    }

    def "of #sent descriptors that come with #message #kept is kept, and the others are closed"() {
        given:
        def sockets = kernel.socketPair()
        def init = new InitProcess(kernel, sockets.first(), 0)
        def nulls = (0..<sent).collect { kernel.open('/dev/null') }
        def record = ByteBuffer.allocateDirect(Report.BYTES).order(ByteOrder.nativeOrder())
            .putInt(0, magic).putInt(4, Report.Kind.CONSOLE.ordinal())
        kernel.send(sockets.second(), record, nulls)
        def before = new File('/proc/self/fd').list().size()

        when:
        def fd = null
        def falsified = false
        try {
            fd = init.awaitClosing(10_000).get().fd()
        } catch (IllegalArgumentException ignored) {
            falsified = true
        }

        then:
        new File('/proc/self/fd').list().size() == before + kept
        falsified == (message == 'what is no report')

        cleanup:
        fd?.ifPresent { it.close() }
        [*nulls, sockets]*.close()

        where:
        sent | message             | magic          || kept
        0    | 'a report'          | Wire.MAGIC     || 0
        1    | 'a report'          | Wire.MAGIC     || 1
        3    | 'a report'          | Wire.MAGIC     || 1
        2    | 'what is no report' | Wire.MAGIC + 1 || 0
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
