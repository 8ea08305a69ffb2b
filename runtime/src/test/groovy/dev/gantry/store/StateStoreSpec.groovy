package dev.gantry.store

import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE

import dev.gantry.value.ContainerState
import dev.gantry.error.ContainerException
import dev.gantry.error.ErrorKind
import dev.gantry.kernel.jnr.LinuxKernel
import dev.gantry.oci.OciDefaults
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions
import java.time.Instant
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout
import spock.util.concurrent.PollingConditions

/** On the kernel of the machine: opening and locking need no privileges. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class StateStoreSpec extends Specification {
    @Shared kernel = LinuxKernel.load()

    @TempDir Path dir

    StateStore store

    def setup() {
        store = new StateStore(kernel, dir.resolve('state'))
    }

    def "id `#id` is refused"() {
        when:
        attempt(store)

        then:
        def e = thrown(ContainerException)
        e.kind() == ErrorKind.CONFIG
        e.line() == "invalid container ID format: `$shown`; " +
            "hint: at most 1024 letters, digits and `_+-.`, not beginning with a dot"
        !Files.exists(dir.resolve('state'))

        where:
        id << ['', '.', '..', '.box', 'a/b', '../a', 'a b', 'a\n', 'a\u001b', '\u00e4', 'a:b', 'x' * 1025]
        shown = id.length() > 40 ? 'x' * 40 + '...' : id.replace('\n', '\\u000a').replace('\u001b', '\\u001b')
        attempt = { StateStore s -> s.reserve(id) }
    }

    def "no operation takes an id that might lead elsewhere"() {
        when:
        operation(store)

        then:
        def e = thrown(ContainerException)
        e.kind() == ErrorKind.CONFIG

        where:
        operation << [
                { it.exists('../x') },
                { it.readState('../x') },
                { it.locked('../x') {} },
        ]
    }

    def "id `#id` is taken"() {
        when:
        store.reserve(id).close()

        then:
        store.ids() == [id]
        store.exists(id)

        where:
        id << ['a', '0', '_', '+', '-a', 'A.b+c-d_e', 'a..', 'x' * 255]
    }

    def "an id can be had once"() {
        given:
        store.reserve('box').close()

        when:
        store.reserve('box')

        then:
        def e = thrown(ContainerException)
        e.kind() == ErrorKind.ALREADY_EXISTS
        e.line() == 'create `box`: container with given ID already exists; hint: choose another id, or delete it first'
    }

    def "of many who want an id, one gets it"() {
        given:
        def taken = new AtomicInteger()

        when:
        inParallel(8) {
            try {
                store.reserve('box').close()
                taken.incrementAndGet()
            } catch (ContainerException e) {
                assert e.kind() == ErrorKind.ALREADY_EXISTS
            }
        }

        then:
        taken.get() == 1
    }

    def "what is kept about a container is for its owner's eyes"() {
        given:
        store.reserve('box').close()

        expect:
        PosixFilePermissions.toString(Files.getPosixFilePermissions(store.dir('box'))) == 'rwx------'
        PosixFilePermissions.toString(Files.getPosixFilePermissions(store.root())) ==
            (Files.getAttribute(dir, 'unix:uid') == 0 ? 'rwx--x--x' : 'rwx------')
    }

    def "a state root that cannot be made is an error with its place"() {
        given:
        def file = Files.createFile(dir.resolve('file'))

        when:
        new StateStore(kernel, file.resolve('state')).reserve('box')

        then:
        def e = thrown(ContainerException)
        e.kind() == ErrorKind.IO
        e.message == "create `box`: make `$file/state/box`: not a directory (ENOTDIR)"
    }

    /**
     * Waits until somebody waits for the lock of a container: the kernel lists who does after an arrow, proc_locks(5).
     */
    private void isWaitedFor(String id) {
        def inode = Files.getAttribute(store.dir(id), 'unix:ino')
        new PollingConditions(timeout: 20, delay: 0.01).eventually {
            assert new File('/proc/locks').readLines().any { it.contains('-> FLOCK') && it.contains(":$inode ") }
        }
    }

    def "who changes a container is alone"() {
        given:
        def lock = store.reserve('box')
        def order = Collections.synchronizedList([])
        def other = CompletableFuture.runAsync { store.locked('box') { order << 'other' } }

        when:
        isWaitedFor('box')
        order << 'first'
        lock.close()
        other.get()

        then:
        order == ['first', 'other']
    }

    def "no two threads are ever inside at once"() {
        given:
        store.reserve('box').close()
        def inside = new AtomicInteger()
        def most = new AtomicInteger()
        def count = 0

        when:
        inParallel(4) {
            10.times {
                store.locked('box') {
                    most.accumulateAndGet(inside.incrementAndGet()) { a, b -> Math.max(a, b) }
                    count++
                    inside.decrementAndGet()
                }
            }
        }

        then:
        most.get() == 1
        count == 40
    }

    def "the lock is let go of when the change fails"() {
        given:
        store.reserve('box').close()

        when:
        store.locked('box') { throw new IllegalStateException('no') }

        then:
        thrown(IllegalStateException)

        when:
        store.locked('box') {}

        then:
        noExceptionThrown()
    }

    def "who waited for a container that is deleted meanwhile learns of it"() {
        given:
        def lock = store.reserve('box')
        def failure = CompletableFuture.supplyAsync {
            try {
                store.locked('box') {}
                null
            } catch (ContainerException e) {
                e
            }
        }

        when:
        isWaitedFor('box')
        store.remove('box')
        lock.close()

        then:
        failure.get().kind() == ErrorKind.NOT_FOUND
        failure.get().line() == 'container `box` does not exist; hint: see `gantry list`'
    }

    def "who waited for a container that is made anew locks the new one"() {
        given:
        def lock = store.reserve('box')
        def seen = CompletableFuture.supplyAsync {
            def pid = 0
            store.locked('box') { pid = store.readState('box').get().pid() }
            pid
        }

        when:
        isWaitedFor('box')
        store.remove('box')
        def anew = store.reserve('box')
        lock.close()
        isWaitedFor('box')
        store.writeState(state('box', 7))
        anew.close()

        then:
        seen.get() == 7
    }

    def "ids are sorted; files and other folders are none"() {
        given:
        ['b', 'a', 'B', '10'].each { store.reserve(it).close() }
        Files.createDirectory(store.dir('.hidden'))
        Files.createDirectory(store.dir('not an id'))
        Files.createFile(store.dir('file'))

        expect:
        store.ids() == ['10', 'B', 'a', 'b']
    }

    def "there are no ids where there is no state root"() {
        expect:
        store.ids() == []
        !store.exists('box')
    }

    def "what was written is read"() {
        given:
        store.reserve('box').close()
        store.writeState(state('box', 1))
        store.writeState(state('box', 2))
        store.writeConfig('box', OciDefaults.spec())

        expect:
        store.readState('box') == Optional.of(state('box', 2))
        store.readConfig('box') == OciDefaults.spec()
        store.dir('box').toFile().list().sort() == ['config.json', 'state.json']
    }

    def "the beginning of a container has no state yet"() {
        given:
        store.reserve('box').close()

        expect:
        store.readState('box').isEmpty()
        store.readState('other').isEmpty()
    }

    def "the config of a container that is not there is an error"() {
        when:
        store.readConfig('box')

        then:
        def e = thrown(ContainerException)
        e.kind() == ErrorKind.NOT_FOUND
    }

    def "#what is a damaged container"() {
        given:
        store.reserve('box').close()
        store.writeState(state('box', 1))
        store.writeConfig('box', OciDefaults.spec())
        def file = store.dir('box').resolve(name)
        Files.delete(file)

        when:
        damage(file)
        name == 'state.json' ? store.readState('box') : store.readConfig('box')

        then:
        def e = thrown(ContainerException)
        e.kind() == ErrorKind.DAMAGED
        e.message == "container `box`: `$file` is damaged: $why"
        e.hint().get() == '`gantry delete --force box` removes the container'

        where:
        what                 | name          | damage                                        || why
        'an empty state'     | 'state.json'  | { Files.createFile(it) } ||
            'state: the document is empty'
        'a state cut short'  | 'state.json'  | { Files.writeString(it, '{"format":') } ||
            'state: line 1, column 11: the document ends too early'
        'a directory'        | 'state.json'  | { Files.createDirectory(it) }                 || 'it is no regular file'
        'a pipe'             | 'state.json'  | { kernel.makeFifo(it.toString(), 0600) }      || 'it is no regular file'
        "another's state"    | 'state.json'  | { Files.write(it, StateFile.toJson(state('a', 1))) } ||
            '`id` is missing or makes no sense'
        'a missing config'   | 'config.json' | { }                                           || 'it is missing'
        'a config cut short' | 'config.json' | { Files.writeString(it, '{') } ||
            'config.json: line 1, column 2: the document ends too early'
    }

    def "a reader never sees half a state"() {
        given:
        store.reserve('box').close()
        store.writeState(state('box', 0))
        def written = CompletableFuture.runAsync { (1..50).each { store.writeState(state('box', it)) } }
        def last = 0
        def reads = 0

        when:
        while (!written.isDone()) {
            def pid = store.readState('box').get().pid()
            assert pid >= last
            last = pid
            reads++
        }
        written.get()

        then:
        reads > 0
        store.readState('box').get().pid() == 50
    }

    def "a container is removed whole, and twice if need be"() {
        given:
        store.reserve('box').close()
        store.writeState(state('box', 1))
        Files.createDirectories(store.scratch('box').resolve('a/b'))
        def outside = Files.createFile(dir.resolve('outside'))
        Files.createSymbolicLink(store.dir('box').resolve('link'), dir)

        when:
        2.times { store.remove('box') }

        then:
        !Files.exists(store.dir('box'))
        Files.exists(outside)
        store.ids() == []
    }

    def "the state is removed before the config, without which it would be damaged"() {
        given:
        store.reserve('box').close()
        store.writeConfig('box', OciDefaults.spec())
        store.writeState(state('box', 1))
        def watch = dir.fileSystem.newWatchService()
        def key = store.dir('box').register(watch, ENTRY_DELETE)

        when:
        store.remove('box')
        def removed = []
        while (removed.size() < 2) {
            watch.take()
            removed.addAll(key.pollEvents()*.context()*.toString())
            key.reset()
        }

        then:
        removed == ['state.json', 'config.json']

        cleanup:
        watch?.close()
    }

    def "a container is abandoned when who leased it is gone, and not when it was given up or is nobody's"() {
        given:
        def owner = new StateStore(kernel, dir.resolve('state'))
        ['left', 'given', 'free'].each { owner.reserve(it).close() }
        ['left', 'given'].each { owner.takeLease(it) }

        expect:
        store.ids().every { !store.isAbandoned(it) && !owner.isAbandoned(it) }

        when:
        owner.removeLease('given')
        owner.close()

        then:
        store.ids().findAll { store.isAbandoned(it) } == ['left']
        !store.isAbandoned('nosuch')

        when: 'the id is taken anew'
        store.remove('left')
        store.reserve('left').close()
        store.takeLease('left')

        then:
        !new StateStore(kernel, dir.resolve('state')).isAbandoned('left')

        cleanup:
        store.close()
    }

    private static ContainerState state(String id, int pid) {
        new ContainerState(id, '/bundle', '/bundle/rootfs', pid, 5, null, Instant.EPOCH, 0, [a: 'b' * 5000],
            ['/cg/box'], null, 9, [])
    }

    private static void inParallel(int threads, Closure work) {
        def all = (1..threads).collect { CompletableFuture.runAsync { work() } }
        all*.get()
    }
}
