package dev.gantry.spec

import dev.gantry.runtime.Internals
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import java.lang.management.ManagementFactory
import java.util.concurrent.TimeUnit
import javax.management.ObjectName
import spock.lang.Timeout

/** What a container took of the heap is free when it is deleted, not only when the runtime is closed. */
@RequiresKernel(programs = ['busybox:busybox-static'])
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class HeapKernelSpec extends ContainerSpecification {
    private static final COMMANDS = new ObjectName('com.sun.management:type=DiagnosticCommand')
    private static final int CONTAINERS = 500
    private static final int LEAST_OF_A_CONTAINER = 512 // bytes

    def "deleted containers leave nothing on the heap"() {
        given: 'what is made once'
        100.times { round() }
        live()

        when:
        def before = live()
        CONTAINERS.times { round() }
        def after = live()

        then:
        after.gantry - before.gantry < CONTAINERS / 10
        after.bytes - before.bytes < CONTAINERS * LEAST_OF_A_CONTAINER
    }

    private void round() {
        def container = Internals.start(gantry, newId(), definition(config()), stdio())
        container.waitFor()
        container.delete()
    }

    /**
     * The number of Gantry's objects and the bytes of all, when what collections find is cleaned up: they get no fewer.
     */
    private static Map<String, Long> live() {
        def last = collect()
        for (def now = collect(); now.gantry < last.gantry || now.bytes < last.bytes; now = collect()) {
            last = now
        }
        last
    }

    private static Map<String, Long> collect() {
        def sum = [gantry: 0L, bytes: 0L]
        histogram().eachLine {
            def line = it =~ /^\s*\d+:\s+(\d+)\s+(\d+)\s+(\S+)/
            if (line.find()) {
                sum.bytes += line.group(2) as long
                sum.gantry += line.group(3).contains('dev.gantry.') ? line.group(1) as long : 0
            }
        }
        sum
    }

    private static String histogram() {
        ManagementFactory.platformMBeanServer.invoke(COMMANDS, 'gcClassHistogram', [[] as String[]] as Object[],
            [String[].name] as String[])
    }
}
