package dev.gantry.wire

import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.charset.StandardCharsets
import spock.lang.Specification

/** Orders to the init are written by the names of their fields, and its reports are read. */
class OrdersSpec extends Specification {

    def "a plan holds its orders one after another, each with its step"() {
        given:
        def orders = new Orders()

        when:
        orders.step(3).add(Op.NEW_SESSION)
        orders.step(4).add(Op.HOSTNAME).set('name', 'box')
        def plan = orders.toBytes()

        then:
        plan.getInt(0) == Wire.MAGIC
        plan.getInt(4) == Wire.version()
        plan.getLong(8) == plan.remaining()
        order(plan, 24) == [code: Op.NEW_SESSION.code(), step: 3, size: 16]
        order(plan, 40) == [code: Op.HOSTNAME.code(), step: 4, size: 24]
        string(plan, plan.getLong(56)) == 'box'
    }

    def "a missing string has no place"() {
        given:
        def orders = new Orders()
        orders.add(Op.KEYRING).set('name', (String) null)

        expect:
        orders.toBytes().getLong(40) == 0
    }

    def "fields travel in the order of the table, in whatever order they are set"() {
        given:
        def orders = new Orders()
        orders.add(Op.MEMORY_POLICY).setNumbers('nodes', [5L, 6L]).set('mode', 3)
        def plan = orders.toBytes()
        def nodes = (int) (plan.getLong(16) + plan.getLong(48))

        expect:
        plan.getLong(40) == 3
        [plan.getLong(nodes), plan.getLong(nodes + 8), plan.getLong(nodes + 16)] == [16, 5, 6]
    }

    def "the last byte of a plan ends every string: #strings"() {
        given:
        def orders = new Orders()
        strings.each { orders.add(Op.HOSTNAME).set('name', it) }

        when:
        def plan = orders.toBytes()

        then:
        plan.get(plan.limit() - 1) == (byte) 0

        where:
        strings << [[], [''], ['box'], ['a', 'bc']]
    }

    def "strings are UTF-8 and may fill megabytes"() {
        given:
        def long_ = 'ä' * 1_000_000
        def orders = new Orders()

        when:
        orders.add(Op.HOSTNAME).set('name', long_)
        def plan = orders.toBytes()

        then:
        string(plan, plan.getLong(40)) == long_
    }

    def "#what is refused"() {
        given:
        def orders = new Orders()

        when:
        write(orders)
        orders.toBytes()

        then:
        def e = thrown(IllegalArgumentException)
        e.message == message

        where:
        what                    | write                                              || message
        'a missing field'       | { it.add(Op.SYSCTL).set('key', 'a') }              || 'SYSCTL.value is not set'
        'one before the last'   | { it.add(Op.HOSTNAME); it.add(Op.SYNC) }           || 'HOSTNAME.name is not set'
        'a field of no such'    | { it.add(Op.HOSTNAME).set('nam', 'a') }            || 'HOSTNAME has no `nam`'
        'a field that is set'   | { it.add(Op.UMASK).set('mask', 1).set('mask', 1) } || 'UMASK.mask is set already'
        'a number for a string' | { it.add(Op.HOSTNAME).set('name', 1) }             || 'HOSTNAME.name is no NUMBER'
        'a list for a number'   | { it.add(Op.UMASK).set('mask', ['a']) }            || 'UMASK.mask is no LIST'
        'numbers for a list'    | { it.add(Op.EXEC).setNumbers('args', [1L]) }       || 'EXEC.args is no BLOB'
        'no string'             | { it.add(Op.HOSTNAME).set('name', (String) null) } || 'HOSTNAME.name cannot be `null`'
        'a string with NUL'     | { it.add(Op.HOSTNAME).set('name', 'a\0b') }        || 'a string must not contain NUL'
        'a plan beyond 16 MiB'  | { it.add(Op.HOSTNAME).set('name', 'x' * (17 << 20)) } ||
            'the launch plan outgrows 16 MiB'
    }

    def "a report is read as the init wrote it"() {
        given:
        def record = ByteBuffer.allocate(Report.BYTES).order(ByteOrder.nativeOrder())
        record.putInt(Wire.MAGIC).putInt(Report.Kind.FAILED.ordinal()).putInt(7).putInt(22).putLong(5).putLong(0)
        record.put('fsmount'.getBytes(StandardCharsets.UTF_8))

        expect:
        Report.read(record.position(0)) == new Report(Report.Kind.FAILED, 7, 22, 5, 'fsmount')
    }

    def "a record of #what is refused"() {
        given:
        def record = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder())
        record.putInt(magic).putInt(kind).position(0)

        when:
        Report.read(record)

        then:
        thrown(IllegalArgumentException)

        where:
        what           | size         | magic      | kind
        'another size' | 100          | Wire.MAGIC | 0
        'another magic' | Report.BYTES | 1          | 0
        'unknown kind' | Report.BYTES | Wire.MAGIC | 99
    }

    private static Map order(ByteBuffer plan, int at) {
        [code: plan.getInt(at), step: plan.getInt(at + 4), size: plan.getInt(at + 8)]
    }

    private static String string(ByteBuffer plan, long place) {
        int at = (int) (plan.getLong(16) + place)
        int end = at
        while (plan.get(end) != 0) {
            end++
        }
        byte[] bytes = new byte[end - at]
        plan.duplicate().position(at).get(bytes)
        new String(bytes, StandardCharsets.UTF_8)
    }
}
