package dev.gantry.spec

import static dev.gantry.oci.NamespaceType.USER

import dev.gantry.kernel.OpenFlag
import dev.gantry.oci.IdMapping
import dev.gantry.oci.Mount
import dev.gantry.oci.OciConfig
import dev.gantry.oci.OciDefaults
import dev.gantry.oci.Root
import dev.gantry.oci.User
import dev.gantry.oci.codec.OciWriter
import dev.gantry.plan.GantryAnnotations
import dev.gantry.spec.support.CProgram
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spec.support.HostMounts
import dev.gantry.spec.support.UnprivilegedUser
import dev.gantry.spock.RequiresKernel
import java.net.StandardProtocolFamily
import java.nio.channels.ServerSocketChannel
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.AutoCleanup
import spock.lang.Shared

/** A root that is a view of this machine shows files, and nothing behind which somebody on the machine listens. */
@RequiresKernel(programs = ['busybox:busybox-static', 'useradd:passwd', 'setpriv:util-linux', 'newuidmap:uidmap'])
class HostViewKernelSpec extends ContainerSpecification {
    private static final String NAME = "gantry-spec-${ProcessHandle.current().pid()}"
    private static final List<IdMapping> MAP = [new IdMapping(0L, 0L, 1L), new IdMapping(1L, 100_000L, 65_536L)]

    /** Directories with sockets and fifos: some with a mount in them, some mounts, some neither. */
    private static final List<Path> LIVE = [
            "/run/$NAME", "/run/$NAME/mnt", "/$NAME", "/$NAME/plain", "/$NAME/mnt", "/$NAME/deep", "/$NAME/deep/plain",
            "/$NAME/deep/mnt", "/$NAME/deep/er", "/$NAME/deep/er/mnt", "/tmp/$NAME", "/tmp/$NAME/mnt", "/var/tmp/$NAME"]
            .collect { Path.of(it.toString()) }

    @Shared @AutoCleanup UnprivilegedUser user
    @Shared HostMounts mounts = new HostMounts()
    @Shared Path box
    @Shared private List<AutoCloseable> open = []
    @Shared private List<String> places = []

    def setupSpec() {
        user = new UnprivilegedUser()
        box = user.bundle('box')
        LIVE.each { dir ->
            Files.createDirectories(dir)
            if (dir.fileName.toString() == 'mnt') {
                mounts.tmpfs(dir)
            }
            Files.writeString(dir.resolve('file'), 'text')
            def fifo = dir.resolve('fifo').toString()
            Command.ok('mkfifo', '-m', '0666', fifo)
            open << kernel.open(fifo, OpenFlag.RDWR)
            open << ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(dir.resolve('socket')))
            Files.setAttribute(dir.resolve('socket'), 'unix:mode', 0666)
            places.addAll([dir.resolve('socket').toString(), fifo])
        }
        CProgram.compile('reach', Path.of("/$NAME/plain"))
    }

    def cleanupSpec() {
        open*.close()
        mounts.close()
        ["/run/$NAME", "/$NAME", "/tmp/$NAME", "/var/tmp/$NAME"].each { Path.of(it.toString()).toFile().deleteDir() }
    }

    private static OciConfig view(OciConfig config) {
        config.toBuilder().annotations([(GantryAnnotations.ROOTFS): GantryAnnotations.HOST]).build()
    }

    private OciConfig inUserNamespace(OciConfig config) {
        withLinux(withNamespace(config, USER), [uidMappings: MAP, gidMappings: MAP])
    }

    /**
     * Whether a directory at the top that holds the path is a mount, so that a view of the root file system lacks it.
     */
    private static boolean isMount(String top, String path) {
        path.startsWith("$top/") && Files.readAllLines(Path.of('/proc/self/mountinfo')).any { it.split(' ')[4] == top }
    }

    /** Runs a shell script on a view of the machine and returns what it wrote. */
    private List<String> lines(String who, String script, Closure<OciConfig> change = { it }) {
        if (who == 'a user') {
            def spec = OciDefaults.rootlessSpec(user.uid, user.uid)
            def process = spec.process().toBuilder().terminal(false).args(['sh', '-c', script]).build()
            def config = change(spec.toBuilder().process(process).root(new Root('rootfs', false)).build())
            Files.writeString(box.resolve('config.json'), OciWriter.text(view(config)))
            def outcome = user.gantry(box, 'run', '--trust-annotations', newId())
            assert outcome.err == ''
            return outcome.out.readLines()
        }
        def config = view(change(config()))
        sh(script, who == 'root in a user namespace' ? inUserNamespace(config) : config).text().readLines()
    }

    private List<String> reach() {
        ["/$NAME/plain/reach".toString(), *places]
    }

    def "the sockets and fifos of this spec can be reached on the machine itself"() {
        expect:
        reach().execute().text.readLines() == places.collect { 'reached' }
        user.run(user.home, *reach()).out.readLines() == places.collect { 'reached' }
    }

    def "no socket and no fifo of the machine is reached by #who"() {
        expect:
        def seen = [places, lines(who, reach().join(' '))].transpose().collectEntries()
        seen.size() == places.size()
        !seen.containsValue('reached')
        shown.every {
            seen["$it/socket".toString()] == 'Connection refused' &&
                seen["$it/fifo".toString()] == 'No such device or address'
        }
        (LIVE*.toString() - shown).every { seen["$it/socket".toString()] == 'No such file or directory' }

        where:
        who      | shown
        'root'   | LIVE*.toString().findAll { !it.endsWith('/mnt') && !it.startsWith('/run') && !isMount('/tmp', it) }
        'root in a user namespace' | LIVE*.toString().findAll { !it.endsWith('/mnt') && !it.startsWith('/run') }
        'a user' | ["/$NAME/plain", "/$NAME/mnt", "/$NAME/deep/plain", "/$NAME/deep/mnt", "/var/tmp/$NAME"]*.toString()
    }

    def "files next to them are seen by #who, and those that are changed are the container's own"() {
        expect:
        lines(who, "for i in ${shown.join(' ')}; do cat \$i/file; echo; (echo evil > \$i/file) 2>/dev/null; done") ==
            shown.collect { 'text' }
        LIVE.every { Files.readString(it.resolve('file')) == 'text' }

        where:
        who      | shown
        'root'   | ["/$NAME", "/$NAME/plain", "/$NAME/deep", "/var/tmp/$NAME"]
        'root in a user namespace' | ["/$NAME", "/$NAME/plain", "/$NAME/deep", "/tmp/$NAME", "/var/tmp/$NAME"]
        'a user' | ["/$NAME/plain", "/$NAME/mnt", "/$NAME/deep/plain", "/$NAME/deep/mnt", "/var/tmp/$NAME"]
    }

    def "a view that is to be read-only is so everywhere but in mounts of the config, for #who"() {
        given:
        def tmp = Mount.builder().destination('/tmp').type('tmpfs').source('tmpfs').options([]).build()
        def dirs = ['/', '/etc', '/home', '/run', '/usr', '/var', "/$NAME", "/$NAME/plain", '/tmp']
        def script = dirs.collect { "touch $it/new 2>/dev/null && echo $it" }.join('; ')

        expect:
        lines(who, "$script; :") { it.toBuilder().root(new Root('rootfs', true)).mounts(it.mounts() + tmp).build() } ==
            ['/tmp']

        where:
        who << ['root', 'root in a user namespace', 'a user']
    }

    def "root with all capabilities makes nothing of the machine writable"() {
        given:
        def able = withAllCapabilities(inUserNamespace(view(config())))
        def script = "while read -r a b c d at rest; do mount -o remount,bind,rw \$at; done < /proc/self/mountinfo; " +
                "for i in ${LIVE.join(' ')}; do echo evil > \$i/file; done; id -u"

        expect:
        sh(script, able).text().readLines().last() == '0'
        LIVE.every { Files.readString(it.resolve('file')) == 'text' }
    }

    def "/run is empty for #who, and the container's own"() {
        expect:
        lines(who, 'ls -A /run; echo x > /run/own; cat /run/own') == ['x']

        where:
        who << ['root', 'root in a user namespace', 'a user']
    }

    def "what Gantry knows of containers is not seen by #who"() {
        given:
        def root = who == 'a user' ? user.home.resolve('run/gantry') : stateRoot

        expect:
        lines(who, "ls -A $root 2>/dev/null; echo end") == ['end']

        where:
        who << ['root', 'root in a user namespace', 'a user']
    }

    def "directories at the top have the modes that they have on the machine, for #who"() {
        given:
        def names = ['/etc', '/root', '/usr', '/var', "/$NAME"] +
            (isMount('/tmp', '/tmp/') && who == 'root' ? [] : ['/tmp'])

        expect:
        lines(who, "stat -c %a ${names.join(' ')}") == ['stat', '-c', '%a', *names].execute().text.readLines()

        where:
        who << ['root', 'root in a user namespace', 'a user']
    }

    def "a user of a container in a user namespace sees nothing of what is closed to that user on the machine"() {
        given:
        def closed = Files.createDirectories(Path.of("/$NAME/closed/inside"))
        Files.setAttribute(closed.parent, 'unix:mode', 0700)
        def script = withProcess(inUserNamespace(view(config())), [user: new User(1000L, 1000L, null, [], null)])

        expect:
        sh("ls /$NAME/closed /root 2>/dev/null; echo end", script).text() == 'end\n'

        cleanup:
        closed.parent.toFile().deleteDir()
    }
}
