package dev.gantry.spec

import com.fasterxml.jackson.databind.ObjectMapper
import com.github.luben.zstd.Zstd
import dev.gantry.error.ContainerException
import dev.gantry.image.Images
import dev.gantry.kernel.Kernel
import dev.gantry.kernel.jnr.LinuxKernel
import dev.gantry.spec.support.Busybox
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.ImageArchive
import dev.gantry.spec.support.ImageLayout
import dev.gantry.spec.support.LayerArchive
import dev.gantry.spec.support.LeavesNoTrace
import dev.gantry.spec.support.Outcome
import dev.gantry.spec.support.ScriptSpecification
import dev.gantry.spock.RequiresKernel
import java.lang.reflect.InvocationTargetException
import java.lang.reflect.Proxy
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicInteger
import spock.lang.Shared

/** Images from files of all forms, kept in a store, run by scripts and by the command line. */
@RequiresKernel(programs = ['busybox:busybox-static'])
@LeavesNoTrace({ stateRoot })
class ImagesKernelSpec extends ScriptSpecification {
    private static final Map CONFIG = [
            Env: ['FOO=image', 'BAR=image'], User: 'user', WorkingDir: '/srv', Entrypoint: ['/bin/sh', '-c'],
            Cmd: ['id -u; pwd; echo $FOO $BAR'], StopSignal: 'SIGINT', ExposedPorts: ['80/tcp': [:]],
            Labels: [team: 'ci', 'dev.gantry.rootfs': 'host', 'run.oci.keep_original_groups': '1']]

    @Shared byte[] files
    @Shared ImageLayout layout
    Path store = dir.resolve("store-${UUID.randomUUID()}")

    def setupSpec() {
        def root = Busybox.rootfs(dir.resolve('root'))
        Command.ok('tar', '-C', root, '--owner=0', '--group=0', '-cf', dir.resolve('files.tar'), '.')
        files = Files.readAllBytes(dir.resolve('files.tar'))
        layout = new ImageLayout(dir.resolve('layout'))
        layout.add('it', [files, LayerArchive.of([[name: 'etc/greeting', data: 'hello']])], CONFIG)
    }

    def setup() {
        gantry.environment = System.getenv() + [GANTRY_IMAGES: store.toString()]
    }

    private static String stripped(Outcome outcome) {
        assert outcome.exit == 0: outcome
        outcome.out
    }

    private List<String> left() {
        ['work', 'tree', 'leases'].collectMany { store.resolve(it).toFile().list().toList() }
    }

    def "a script runs what the image says"() {
        expect:
        stripped(script("println container('box') { rootfs image('oci:layout:it') }.run()")) ==
            '1000\n/srv\nimage image\n0\n'
    }

    def "what a script says of the process outweighs the image"() {
        expect:
        stripped(script('''
            def box = container('box') {
                rootfs image('oci:layout:it')
                process { args '/bin/sleep', '100'; user uid: 7; cwd '/etc'; env FOO: 'mine', BAR: null }
            }
            box.start()
            println box.exec('sh', '-c', 'id -u; pwd; echo "$FOO-$BAR"; echo x > /dev/shm/x; cat /dev/shm/x').text
        ''')) == '7\n/etc\nmine-\nx\n\n'
    }

    def "the command line runs what the image says, or other arguments of its program"() {
        expect:
        stripped(gantry.run('run', '--image', 'oci:layout:it')) == '1000\n/srv\nimage image\n'
        stripped(gantry.run('run', '--image', 'oci:layout:it', 'echo $0', '-x')) == '-x\n'
    }

    def "labels are annotations, but those that would say something to a runtime"() {
        given:
        file("container('box') { rootfs image('oci:layout:it') }", 'labels.ctr.groovy')

        expect:
        gantry.run('compile', 'labels.ctr.groovy', '-o', 'compiled').exit == 0
        def config = new ObjectMapper().readValue(dir.resolve('compiled/config.json').toFile(), Map)
        config.annotations - [('dev.gantry.layers'): config.annotations['dev.gantry.layers']] == [
                'dev.gantry.rootfs': 'image', 'org.opencontainers.image.os': 'linux',
                'org.opencontainers.image.architecture': 'amd64',
                'org.opencontainers.image.stopSignal': 'SIGINT', 'org.opencontainers.image.exposedPorts': '80/tcp',
                team: 'ci']
        config.process.args == ['/bin/sh', '-c', 'id -u; pwd; echo $FOO $BAR']
        config.process.user == [uid: 1000, gid: 1000]
    }

    def "#form is loaded and run"() {
        when:
        prepare.call()
        def send = { pipe -> pipe.withCloseable { it << Files.readAllBytes(dir.resolve(input)) } }
        def loaded = input ? gantry.command('load', '-').feeding(send).run()
                : gantry.run('load', name)

        then:
        stripped(loaded) == "$image\n"
        stripped(gantry.run('run', '--image', image, program, '-c', 'echo $((6 * 7))')) == '42\n'

        where:
        form                       | name                     | input     | image       | program   | prepare
        'a layout'                 | 'plain'                  | null      | 'it'        | '/bin/sh' |
            { new ImageLayout(dir.resolve('plain')).add('it', [files]) }
        'a layer packed by zstd'   | 'zstd'                   | null      | 'it'        | '/bin/sh' |
            { new ImageLayout(dir.resolve('zstd')).add('it', [files], [:], Zstd.&compress) }
        'a layer that is unpacked' | 'bare'                   | null      | 'it'        | '/bin/sh' |
            { new ImageLayout(dir.resolve('bare')).add('it', [files], [:], { it }) }
        'an archive of a layout'   | 'oci-archive:layout.tar' | null      | 'it'        | '/bin/sh' |
            { new ImageLayout(dir.resolve('plain')).add('it', [files]);
                Command.ok('tar', '-C', dir.resolve('plain'), '-cf', dir.resolve('layout.tar'), '.') }
        'an archive of docker'     | 'old.tar'                | null      | 'old:1'     | '/bin/sh' |
            { ImageArchive.write(dir.resolve('old.tar'), dir.resolve('root'), 'old:1') }
        'a packed one'             | 'new.tgz'                | null      | 'new:1'     | '/bin/sh' |
            { ImageArchive.write(dir.resolve('new'), dir.resolve('root'), 'new:1');
                Files.write(dir.resolve('new.tgz'), ImageLayout.gzip(Files.readAllBytes(dir.resolve('new')))) }
        'the standard input'       | null                     | 'old.tar' | 'old:1'     | '/bin/sh' |
            { ImageArchive.write(dir.resolve('old.tar'), dir.resolve('root'), 'old:1') }
    }

    private Images images() {
        new Images(LinuxKernel.load(), store)
    }

    def "of images for several machines that of this one is taken"() {
        given:
        def both = new ImageLayout(dir.resolve('both'))
        def architecture = System.getProperty('os.arch') == 'aarch64' ? 'arm64' : 'amd64'
        def mine = both.manifest([LayerArchive.of([[name: 'mine', data: '']])]) +
            [platform: [os: 'linux', architecture: architecture]]
        def other = both.manifest([LayerArchive.of([[name: 'other', data: '']])]) +
            [platform: [os: 'linux', architecture: 's390x']]
        def list = { both.blob('application/vnd.oci.image.index.v1+json',
            new ObjectMapper().writeValueAsBytes([schemaVersion: 2, manifests: it])) }
        both.index([list([other, mine]) + [annotations: ['org.opencontainers.image.ref.name': 'all']],
                    list([other]) + [annotations: ['org.opencontainers.image.ref.name': 'others']]])

        expect:
        images().find('oci:both:all', dir).digest().toString() == mine.digest

        when:
        images().find('oci:both:others', dir)

        then:
        def e = thrown(ContainerException)
        e.message ==
            "image `oci:$dir/both:others`: it is not for " +
                "`linux/$architecture${architecture == 'arm64' ? '/v8' : ''}`, only for `linux/s390x`"
    }

    def "an image with #what is refused, and nothing of it is kept"() {
        given:
        def broken = new ImageLayout(dir.resolve("broken-${UUID.randomUUID()}"))
        broken.add('it', [LayerArchive.of([[name: 'f', data: 'x' * 2000]])])
        damage.call(broken.directory.resolve('blobs/sha256').toFile().listFiles().find { (it.bytes[0] & 0xff) == 0x1f })

        when:
        images().root("oci:$broken.directory:it", dir)

        then:
        def e = thrown(ContainerException)
        e.message.replace("image `oci:$broken.directory:it`: ", '').replaceAll(/[0-9a-f]{64}/, 'H') == message
        left() == []

        where:
        what | damage || message
        'another content'   | { File blob -> def octets = blob.bytes; octets[20] ^= 1; blob.bytes = octets } ||
            '`sha256:H` has another content, with the digest `sha256:H`'
        'a cut content'     | { File blob -> blob.bytes = blob.bytes[0..-2] as byte[] } ||
            "`sha256:H` has less than the ${layerSize()} bytes that it should have"
        'a longer content'  | { File blob -> blob << 'x' } ||
            "`sha256:H` has more than the ${layerSize()} bytes that it should have"
        'a missing content' | { File blob -> blob.delete() } ||
            'copy `sha256:H`: no such file or directory (ENOENT)'
    }

    private static int layerSize() {
        ImageLayout.gzip(LayerArchive.of([[name: 'f', data: 'x' * 2000]])).length
    }

    def "a layer that is not what the config says is refused"() {
        given:
        def liar = new ImageLayout(dir.resolve('liar'))
        liar.add('it', [LayerArchive.of([[name: 'f', data: 'x']])], [:],
            { ImageLayout.gzip(LayerArchive.of([[name: 'g', data: 'y']])) })

        when:
        images().root('oci:liar:it', dir)

        then:
        def e = thrown(ContainerException)
        e.message.replaceAll(/[0-9a-f]{64}/, 'H') ==
                "image `oci:$dir/liar:it`: unpack layer `sha256:H`: " +
                    "`sha256:H` has another content, with the digest `sha256:H`"
        left() == []
    }

    /** An image of some megabytes that cannot be packed. */
    private String large(int mebibytes) {
        def noise = new byte[mebibytes << 20]
        new Random(7).nextBytes(noise)
        new ImageLayout(dir.resolve("large$mebibytes")).add('it',
            [LayerArchive.of([[name: 'd/noise', data: noise], [name: 'last', data: 'x']])])
        "oci:${dir.resolve("large$mebibytes")}:it"
    }

    private static String sum(List<String> layers) {
        Command.shell("cd ${layers[0]} && find . -type f -exec sha256sum {} + | sort")
    }

    def "twenty threads and twenty processes unpack a layer once"() {
        given:
        def name = large(4)
        def unpacked = new AtomicInteger()
        def real = LinuxKernel.load()
        def counting = Proxy.newProxyInstance(Kernel.classLoader, [Kernel] as Class[]) { proxy, method, args ->
            if (method.name == 'makeDirectory') {
                unpacked.incrementAndGet()
            }
            try {
                method.invoke(real, args)
            } catch (InvocationTargetException e) {
                throw e.cause
            }
        } as Kernel

        when:
        def threads = Executors.newFixedThreadPool(20)
        def layersOf = { -> new Images(counting, store).root(name, dir).layers() }
        def layers = threads.invokeAll([layersOf] * 20).collect { it.get() }

        then:
        layers.unique().size() == 1
        unpacked.get() == 1
        left() == [Path.of(layers[0][0]).fileName.toString()]

        when:
        Command.ok('rm', '-rf', store)
        def outcomes = (1..20).collect { gantry.command('unpack', name).begin() }*.end()

        then:
        outcomes*.exit.unique() == [0]
        outcomes*.out.unique() == ["${layers[0][0]}\n".toString()]
        left() == [Path.of(layers[0][0]).fileName.toString()]

        cleanup:
        threads.shutdownNow()
    }

    def "a process that is killed while it unpacks leaves a store that is sound"() {
        given:
        def name = large(12)
        def whole = sum(new Images(LinuxKernel.load(), dir.resolve('whole')).root(name, dir).layers())
        def random = new Random()

        expect:
        (1..6).every { round ->
            Command.ok('rm', '-rf', store)
            def begun = gantry.command('unpack', name).start()
            Thread.sleep(150 + random.nextInt(500)) // a moment that nobody chooses
            begun.descendants().forEach { it.destroyForcibly() }
            begun.destroyForcibly().waitFor()
            def layers = images().root(name, dir).layers()
            assert sum(layers) == whole
            images().prune() == 0 && left() == [Path.of(layers[0]).fileName.toString()]
        }
    }

    def "a full disk leaves nothing half-made, and with more room it goes on"() {
        given:
        def name = large(4)
        Files.createDirectories(store)
        Command.ok('mount', '-t', 'tmpfs', '-o', "size=$size,mode=700", 'tmpfs', store)

        when:
        def full = gantry.run('unpack', name)

        then:
        full.exit == 1
        full.err.replaceAll(/[0-9a-f]{64}/, 'H') ==
            "gantry: image `$name`: $message: no space left on device (ENOSPC)\n"
        left() == []

        when:
        Command.ok('mount', '-o', 'remount,size=64m', store)

        then:
        gantry.run('unpack', name).exit == 0

        cleanup:
        Command.ok('umount', store)

        where:
        size | message
        '2m' | 'copy `sha256:H`'
        '6m' | 'unpack layer `sha256:H`'
    }

    def "what a container uses is kept, and is removed when the container is gone"() {
        expect:
        stripped(gantry.run('load', 'oci:layout')) == 'it\n'
        stripped(script('''
            def box = container('box') { rootfs image('it'); process { args '/bin/sleep', '100' } }
            box.start()
            def removal = ['GANTRY', 'rmi', 'it'].execute()
            assert removal.waitFor() == 0 : removal.err.text
            println box.exec('cat', '/etc/greeting').text
        '''.replace('GANTRY', gantry.program.toString()))) == 'hello\n'
        gantry.run('images').out == 'IMAGE  MANIFEST  LAYERS  PACKED\n'
        stripped(gantry.run('images', 'prune')) == '2 removed\n'
        left() == []
        store.resolve('blobs/sha256').toFile().list().length == 0
    }

    def "a script that names no image fails in its line: #name"() {
        when:
        def outcome = script("container('box') { rootfs image('$name') }")

        then:
        outcome.exit == 1
        outcome.err.readLines()[0] == "x.ctr.groovy:1:34: error: container: $message".toString()

        where:
        name              || message
        'unknown:1' ||
            'image `unknown:1` is not in the store; hint: see `gantry images`; `gantry load FILE` adds one'
        'Not a name' ||
            'image `Not a name`: this is no name of an image; hint: write `oci:DIRECTORY:TAG`, ' +
                '`oci-archive:FILE`, `docker-archive:FILE` or a name of `gantry images`'
        'oci:layout:none' || "image `oci:$dir/layout:none`: there is no `none` in it; hint: name one of `it`"
        'oci:nowhere'     || "image `oci:$dir/nowhere`: `$dir/nowhere/index.json`: no such file or directory (ENOENT)"
    }
}
