package dev.gantry.spec

import static dev.gantry.spec.support.Eventually.within

import dev.gantry.dsl.InteractiveScript
import dev.gantry.runtime.Gantry
import dev.gantry.runtime.GantryOptions
import dev.gantry.spec.support.LeavesNoTrace
import dev.gantry.spock.RequiresKernel
import dev.gantry.text.Secrets
import groovy.transform.CompileStatic
import java.lang.management.ManagementFactory
import java.lang.ref.WeakReference
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/** A long session holds no more than a short one. */
@RequiresKernel
@LeavesNoTrace({ dir.resolve('state') })
@Timeout(value = 400, unit = TimeUnit.SECONDS)
class ReplLeakKernelSpec extends Specification {
    @TempDir Path dir

    def "1,000 evaluations leave no class loader, thread, descriptor or container behind"() {
        given:
        def gantry = Gantry.open(GantryOptions.at(dir.resolve('state')))
        def script = new InteractiveScript({ gantry }, new PrintStream(OutputStream.nullOutputStream()), dir,
            new Secrets())
        def loaders = []
        def round = { int i ->
            script.evaluate("box = container('box') { }; box.start(); box.events { heard = it.kind }")
            script.evaluate("box.exec('true').check()")
            script.evaluate("box.delete(force: true)")
            7.times { n ->
                loaders << loaderOf(script.evaluate("def f = { x -> [$i, x].collect { it + $n } }; println f(1); f"))
            }
        }
        5.times(round) // what is made once

        when:
        int threads = threadCount()
        def descriptors = descriptorCount()
        loaders.clear()
        100.times(round)

        then: 'all classes of lines but those that Groovy holds softly are gone'
        remaining(loaders) <= 20
        threadCount() <= threads
        descriptorCount() <= descriptors
        dir.resolve('state').toFile().list().findAll { !it.startsWith('.') } == []

        cleanup: 'and what they have left on the host is seen'
        script.close()
        gantry.close()
    }

    private static int remaining(List<WeakReference> loaders) {
        within(30) {
            System.gc()
            loaders.count { it.get() != null } <= 20
        }
        loaders.count { it.get() != null }
    }

    /** Without Groovy's own way of asking, which would make it remember the class again. */
    @CompileStatic
    private static WeakReference<ClassLoader> loaderOf(InteractiveScript.Evaluation made) {
        new WeakReference<>(made.value().getClass().getClassLoader())
    }

    private static int threadCount() {
        ManagementFactory.threadMXBean.threadCount
    }

    private static int descriptorCount() {
        new File('/proc/self/fd').list().length
    }
}
