package dev.gantry.spec.support

import dev.gantry.runtime.Internals
import dev.gantry.error.ContainerException
import dev.gantry.error.ErrorKind
import dev.gantry.kernel.Signal
import dev.gantry.kernel.jnr.LinuxKernel
import dev.gantry.oci.codec.OciReader
import dev.gantry.runtime.Gantry
import dev.gantry.runtime.GantryOptions
import dev.gantry.value.Definition
import dev.gantry.io.Stdio
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger

/**
 * Many threads that make, start, look at, stop and delete containers of one id, against each other and against another
 * process: state root, bundle, id and threads are arguments; then seconds come in, a line each, and what was strange
 * goes out.
 */
class Contender {
    private final Gantry gantry
    private final Definition definition
    private final Stdio stdio = Stdio.none(LinuxKernel.load())
    private final String id
    private final int threads

    /** How often each operation went well, and what failed with words that nobody should get to read. */
    final Map<String, AtomicInteger> done = new ConcurrentHashMap<>()
    final Queue<String> strange = new ConcurrentLinkedQueue<>()

    Contender(Gantry gantry, Definition definition, String id, int threads) {
        this.gantry = gantry
        this.definition = definition
        this.id = id
        this.threads = threads
    }

    private List<Closure<?>> operations() {
        [
            create: { Internals.create(gantry, id, definition, stdio) },
            run: { Internals.start(gantry, id, definition, stdio) },
            start: { gantry.container(id).start() },
            kill: { gantry.container(id).kill(Signal.KILL.number()) },
            exec: { gantry.container(id).exec('true') },
            list: { gantry.containers()*.status() },
            pause: { gantry.container(id).pause() },
            resume: { gantry.container(id).resume() },
            delete: { gantry.container(id).delete() },
            force: { gantry.container(id).deleteForcibly() }
        ].collect { name, action -> { -> attempt(name, action) } }
    }

    private void attempt(String name, Closure<?> action) {
        try {
            action()
            done.computeIfAbsent(name) { new AtomicInteger() }.incrementAndGet()
        } catch (ContainerException e) {
            if (e.kind() == ErrorKind.INTERNAL) {
                strange << "$name: $e.message".toString()
            }
        } catch (Throwable e) {
            strange << "$name: $e".toString()
        }
    }

    /** All threads at once, each with an order of its own that a seed decides. */
    void contend(int seconds) {
        def end = System.nanoTime() + seconds * 1_000_000_000L
        def all = (1..threads).collect { number ->
            Thread.start {
                def random = new Random(number)
                def operations = operations()
                while (System.nanoTime() < end) {
                    operations[random.nextInt(operations.size())].call()
                }
            }
        }
        // whoever adds a process to a container that is paused just then waits for its resume
        while (all.any { it.alive }) {
            all*.join(50)
            attempt('resume') { gantry.container(id).resume() }
        }
    }

    static void main(String[] args) {
        def bundle = Path.of(args[1])
        def config = OciReader.parse(Files.readAllBytes(bundle.resolve('config.json')), 'config.json')
        def contender = new Contender(Gantry.open(GantryOptions.at(Path.of(args[0]))), Definition.of(config, bundle),
            args[2], args[3].toInteger())
        println 'ready'
        System.out.flush()
        System.in.eachLine { line ->
            contender.contend(line.toInteger())
            contender.strange.each { println "strange $it" }
            contender.strange.clear()
            println 'over'
            System.out.flush()
        }
    }

    static Process launch(Path stateRoot, Path bundle, String id, int threads) {
        def java = ProcessHandle.current().info().command().get()
        new Command(java, '-Xshare:auto', '-XX:TieredStopAtLevel=1', '--enable-native-access=ALL-UNNAMED', '-cp',
                System.getProperty('java.class.path'), Contender.name, stateRoot, bundle, id, threads)
                .startComplaining()
    }
}
