package dev.gantry.wire

import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.charset.StandardCharsets
import spock.lang.Specification

class OrdersSpec extends Specification {

    def "a plan holds its orders one after another, each with its step"() {
        when:
        def plan = new Orders().step(3).add(Op.NEW_SESSION).step(4).add(Op.HOSTNAME, 'box').toBytes()

        then:
        plan.getInt(0) == Wire.MAGIC
        plan.getInt(4) == Wire.version()
        plan.getLong(8) == plan.remaining()
        order(plan, 24) == [code: Op.NEW_SESSION.code(), step: 3, size: 16]
        order(plan, 40) == [code: Op.HOSTNAME.code(), step: 4, size: 24]
        string(plan, plan.getLong(56)) == 'box'
    }

    def "a missing string has no place"() {
        expect:
        new Orders().add(Op.KEYRING, [null] as Object[]).toBytes().getLong(40) == 0
    }

    def "the last byte of a plan ends every string: #strings"() {
        given:
        def orders = new Orders()
        strings.each { orders.add(Op.HOSTNAME, it) }

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

        when:
        def plan = new Orders().add(Op.HOSTNAME, long_).toBytes()

        then:
        string(plan, plan.getLong(40)) == long_
    }

    def "#what is refused"() {
        when:
        new Orders().add(*arguments)

        then:
        def e = thrown(IllegalArgumentException)
        e.message == message

        where:
        what                     | arguments                      || message
        'a missing argument'     | [Op.HOSTNAME]                  || 'HOSTNAME takes 1 arguments, not 0'
        'a number for a string'  | [Op.HOSTNAME, 1]               || 'HOSTNAME.name cannot be `1`'
        'no string'              | [Op.HOSTNAME, null]            || 'HOSTNAME.name cannot be `null`'
        'a string with NUL'      | [Op.HOSTNAME, 'a\0b']          || 'a string must not contain NUL'
        'a plan beyond 16 MiB'   | [Op.HOSTNAME, 'x' * (17 << 20)] || 'the launch plan outgrows 16 MiB'
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
