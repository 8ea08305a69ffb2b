package dev.gantry.repl

import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import spock.lang.Specification
import spock.lang.Timeout
import spock.util.concurrent.PollingConditions

/** Lists that are made ahead. */
@Timeout(30)
class PrefetchSpec extends Specification {
    def "a completion does not wait for what takes long, and knows it later"() {
        given:
        def prefetch = new Prefetch()
        def gate = new CountDownLatch(1)
        def made = new AtomicInteger()
        def slow = { made.incrementAndGet(); gate.await(); ['a'] }

        when:
        def soon = []
        def millis = (1..5).collect {
            def begin = System.nanoTime()
            soon << prefetch.get('slow', slow)
            (System.nanoTime() - begin) / 1e6
        }

        then:
        soon.every { it == [] }
        millis.min() < 50
        made.get() == 1

        when:
        gate.countDown()

        then:
        new PollingConditions(timeout: 10).eventually { prefetch.get('slow', slow) == ['a'] }

        cleanup:
        prefetch.close()
    }
}
