package dev.gantry.spec

import static dev.gantry.oci.NamespaceType.USER

import dev.gantry.oci.IdMapping
import dev.gantry.oci.Mount
import dev.gantry.oci.Namespace
import dev.gantry.oci.OciConfig
import dev.gantry.oci.User
import dev.gantry.runtime.Container
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.LinkOption
import java.nio.file.Path

/** What a script puts into a container with ids of its own belongs to its root there, or to whom it belonged here. */
@RequiresKernel(programs = ['busybox:busybox-static'])
class FileOwnersKernelSpec extends ContainerSpecification {
    private static final List<IdMapping> MAP = [new IdMapping(0L, 100_000L, 65_536L)]

    /**
     * A container with its own users, a tmpfs, and a directory of the host with ids as it sees them, all for everybody.
     */
    private OciConfig own(Map<String, Object> linux = [uidMappings: MAP, gidMappings: MAP]) {
        def tmpfs = Mount.builder().destination('/tmp').type('tmpfs').source('tmpfs').options(['mode=1777']).build()
        def directory = Files.createDirectories(shared.resolve(newId()))
        Files.setAttribute(directory, 'unix:mode', 0777)
        def mapped = Mount.builder().destination('/mapped').type('bind').source(directory.toString())
            .options(['bind', 'idmap']).build()
        Files.createDirectories(bundle.resolve('rootfs/mapped'))
        def mounts = config().mounts() + [tmpfs, mapped]
        withLinux(withNamespace(config(['sleep', '1000']).toBuilder().mounts(mounts).build(), USER), linux)
    }

    /** A container in the user namespace of another: nothing in its config says what ids it has. */
    private Container joined() {
        def owner = start(own())
        def config = config(['sleep', '1000'])
        def path = "/proc/${owner.state().pid()}/ns/user".toString()
        def tmpfs = Mount.builder().destination('/tmp').type('tmpfs').source('tmpfs').options(['mode=1777']).build()
        def namespaces = config.linux().namespaces() + new Namespace(USER, path)
        start(withLinux(config.toBuilder().mounts(config.mounts() + tmpfs).build(), [namespaces: namespaces]))
    }

    /** A tree with owners of all sorts: root, one who exists in the container, and one who does not. */
    private Path tree() {
        def tree = Files.createDirectories(shared.resolve(newId()))
        Files.writeString(tree.resolve('root'), 'a')
        Files.createSymbolicLink(tree.resolve('link'), Path.of('root'))
        Files.createDirectory(tree.resolve('sub'))
        Files.writeString(tree.resolve('foreign'), 'b')
        owner(tree.resolve('sub'), 7, 8)
        owner(tree.resolve('link'), 7, 8)
        owner(tree.resolve('foreign'), 70_000, 70_001)
        tree
    }

    private static void owner(Path place, int uid, int gid) {
        Files.setAttribute(place, 'unix:uid', uid, LinkOption.NOFOLLOW_LINKS)
        Files.setAttribute(place, 'unix:gid', gid, LinkOption.NOFOLLOW_LINKS)
    }

    /** What the container itself sees below a directory: names, owners and kinds. */
    private static List<String> seen(Container container, String directory) {
        container.exec('sh', '-c', "cd $directory && find . | sort | xargs stat -c '%n %u:%g %F'").text().readLines()
    }

    private static void fill(Container container, String directory, Path tree) {
        container.root().makeDirectories("$directory/made/below")
        container.root().write("$directory/made/file", new ByteArrayInputStream('text'.bytes))
        container.root().append("$directory/made/file", new ByteArrayInputStream(' more'.bytes))
        container.root().copyIn(tree, "$directory/made/tree")
    }

    private static List<String> filled(String foreign = '0:0') {
        [
            '. 0:0 directory', './below 0:0 directory', './file 0:0 regular file', './tree 0:0 directory',
            "./tree/foreign $foreign regular file".toString(), './tree/link 7:8 symbolic link',
            './tree/root 0:0 regular file', './tree/sub 7:8 directory',
        ]
    }

    def "what is put into a container belongs to its root: #what"() {
        given:
        def container = making(this)

        when:
        fill(container, directory, tree())

        then:
        seen(container, "$directory/made") == filled(foreign)
        container.exec('cat', "$directory/made/file").text() == 'text more'

        cleanup:
        bundle.resolve('rootfs/made').toFile().deleteDir()

        where:
        what                                     | directory | foreign       | making
        'its tmpfs'                              | '/tmp'    | '0:0'         | { it.start(it.own()) }
        'its rootfs'                             | ''        | '0:0'         | { it.start(it.own()) }
        'a directory whose ids are mapped'       | '/mapped' | '0:0'         | { it.start(it.own()) }
        'its tmpfs, in a joined user namespace'  | '/tmp'    | '0:0'         | { it.joined() }
        'its rootfs, in a joined user namespace' | ''        | '0:0'         | { it.joined() }
        'a tmpfs, without a user namespace'      | '/dev'    | '70000:70001' |
            { it.start(it.config(['sleep', '1000'])) }
    }

    def "what is copied out again has the owners that it had here"() {
        given:
        def container = joined()
        def target = shared.resolve(newId())
        def mine = Files.writeString(shared.resolve(newId()), 'mine')
        owner(mine, 9, 10)

        when:
        container.root().copyIn(tree(), '/tmp/tree')
        container.root().copyIn(mine, '/tmp/tree/root')
        container.root().copyOut('/tmp/tree', target)

        then:
        ['', 'sub', 'link', 'root'].collect { owners(target.resolve(it)) } == ['0:0', '7:8', '7:8', '9:10']
    }

    private static String owners(Path place) {
        def all = Files.readAttributes(place, 'unix:uid,gid', LinkOption.NOFOLLOW_LINKS)
        "${all.uid}:${all.gid}"
    }

    def "the container's root may write where another of its users let nobody"() {
        given:
        def container = start(own())
        def closed = container.config().process().toBuilder().user(new User(1000L, 1000L, null, [], null))
        container.exec(closed.args(['mkdir', '-m', '0555', '/tmp/closed']).build()).check()

        when:
        fill(container, '/tmp/closed', tree())

        then:
        seen(container, '/tmp/closed/made') == filled()
    }

    def "no thread of this process is another user, or less able, afterwards"() {
        given:
        def container = start(own())
        def before = rights()

        when:
        fill(container, '/tmp', tree())

        then:
        rights() == before
    }

    /** The ids and capabilities that occur among the threads of this process. */
    private static Set<String> rights() {
        new File('/proc/self/task').listFiles().collect { new File(it, 'status') }.findAll { it.exists() }
                .collect { status ->
            status.readLines().findAll { it =~ /^(Uid|Gid|Cap)/ }.join(' ')
        } as Set
    }
}
