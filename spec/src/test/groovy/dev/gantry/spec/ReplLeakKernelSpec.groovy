package dev.gantry.spec

import dev.gantry.text.Secrets
import dev.gantry.dsl.InteractiveScript
import dev.gantry.runtime.Gantry
import dev.gantry.runtime.GantryOptions
import dev.gantry.spec.support.HostSnapshot
import dev.gantry.spock.RequiresKernel
import groovy.transform.CompileStatic
import java.lang.management.ManagementFactory
import java.lang.ref.WeakReference
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/** A long session holds no more than a short one. */
@RequiresKernel
@Timeout(value = 400, unit = TimeUnit.SECONDS)
class ReplLeakKernelSpec extends Specification {
    @TempDir Path dir

    def "1,000 evaluations leave no class loader, thread, descriptor or container behind"() {
        given:
        def before = HostSnapshot.take(dir.resolve('state'))
        def gantry = Gantry.open(GantryOptions.at(dir.resolve('state')))
        def script = new InteractiveScript({ gantry }, new PrintStream(OutputStream.nullOutputStream()), dir, new Secrets())
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
        Files.list(dir.resolve('state')).filter { !it.fileName.toString().startsWith('.') }.toList() == []

        when:
        script.close()
        gantry.close()

        then:
        def after = HostSnapshot.take(dir.resolve('state'))
        after.mounts - before.mounts == [] as Set
        after.cgroups - before.cgroups == [] as Set
        after.processes - before.processes == [] as Set
    }

    private static int remaining(List<WeakReference> loaders) {
        def deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30)
        while (loaders.count { it.get() != null } > 20 && System.nanoTime() < deadline) {
            System.gc()
            sleep(100)
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
