package dev.gantry.spec

import dev.gantry.runtime.Internals
import dev.gantry.error.ContainerException
import dev.gantry.error.Shown
import dev.gantry.files.RawPath
import dev.gantry.oci.Mount
import dev.gantry.runtime.Container
import dev.gantry.runtime.Gantry
import dev.gantry.runtime.GantryOptions
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import dev.gantry.value.ContainerStatus
import java.nio.file.Files

/** Names of files that are no UTF-8: whoever made them, they arrive byte for byte, and are shown escaped. */
@RequiresKernel(programs = ['busybox:busybox-static'])
class RawNamesKernelSpec extends ContainerSpecification {
    private static final String TREE = '''
        rm -rf /t
        mkdir -p "/t/$(printf 'd\\377')/$(printf '\\303(')"
        cd /t
        echo one >"$(printf 'a\\377')"
        echo two >"$(printf 'd\\377/\\303(/\\200')"
        echo three >"$(printf '\\303\\274')"
        ln -s "$(printf 'to\\376')" "$(printf 'l\\377')"
        ln -s "$(printf '/\\376/x')" absolute
    '''

    private Container withTree() {
        def container = start(config(['sleep', '1000']))
        assert container.exec('sh', '-c', TREE).status().shell() == 0
        container
    }

    /** Names, types and targets of links beneath a directory, a character an octet. */
    private static String look(List<String> shell, String directory) {
        def process = (shell + ['sh', '-c', 'cd "$0" && find . | sort | while read -r f; ' +
            'do echo "$f $(readlink "$f")"; done', directory]).execute()
        def text = new String(process.inputStream.bytes, 'ISO-8859-1')
        assert process.waitFor() == 0
        text
    }

    private static String inside(Container container, String directory) {
        def result = container.exec('sh', '-c', 'cd "$0" && find . | sort | while read -r f; ' +
            'do echo "$f $(readlink "$f")"; done', directory)
        new String(result.bytes(), 'ISO-8859-1')
    }

    def "a mount of the machine with such a name keeps no container from starting"() {
        given:
        def point = Files.createDirectory(RawPath.resolve(shared, 'mount\udcff'))
        assert ['sh', '-c', 'mount -t tmpfs tmpfs "$0"/mount*', shared.toString()].execute().waitFor() == 0

        when: 'Gantry looks at the mounts'
        def later = Gantry.open(GantryOptions.at(stateRoot))
        def container = track(Internals.start(later, newId(), definition(config(['sleep', '1000'])), stdio()))

        then:
        container.status() == ContainerStatus.RUNNING

        cleanup:
        container?.deleteForcibly()
        later?.close()
        assert ['sh', '-c', 'umount "$0"/mount* && rmdir "$0"/mount*', shared.toString()].execute().waitFor() == 0
    }

    def "a tree is copied out and in again"() {
        given:
        def container = withTree()
        def out = shared.resolve('out-tree')

        when:
        container.root().copyOut('/t', out)

        then:
        look([], out.toString()) == inside(container, '/t')
        inside(container, '/t').contains('./d\u00ff/\u00c3(/\u0080 \n')
        inside(container, '/t').contains('./l\u00ff to\u00fe\n')
        inside(container, '/t').contains('./absolute /\u00fe/x\n')

        when:
        container.root().copyIn(out, '/again\udcff')

        then:
        inside(container, '/again\udcff') == inside(container, '/t')
        Files.readString(RawPath.resolve(out, 'd\udcff/\udcc3(/\udc80')) == 'two\n'

        cleanup:
        ['rm', '-rf', out.toString()].execute().waitFor()
    }

    def "a single file is copied by such a name on either side"() {
        given:
        def container = withTree()
        def target = RawPath.resolve(shared, 'single\udcff')

        when:
        container.root().copyOut('/t/a\udcff', target)
        container.root().copyIn(target, '/t/b\udcfe')

        then:
        container.root().read('/t/b\udcfe') == 'one\n'.bytes

        cleanup:
        Files.delete(target)
    }

    def "names are listed, and what is listed can be read, written, asked for and deleted"() {
        given:
        def root = withTree().root()

        expect:
        root.list('/t') as Set == ['a\udcff', 'd\udcff', '\u00fc', 'l\udcff', 'absolute'] as Set
        root.list('/t/d\udcff') == ['\udcc3(']
        root.isDirectory('/t/d\udcff/\udcc3(')
        !root.exists('/t/l\udcff')

        when:
        root.makeDirectories('/t/x\udcff/y\udcfe')
        root.write('/t/x\udcff/y\udcfe/z\udcfd', new ByteArrayInputStream('new'.bytes))
        root.append('/t/x\udcff/../x\udcff/y\udcfe/z\udcfd', new ByteArrayInputStream('er'.bytes))

        then:
        root.read('/t/x\udcff/y\udcfe/z\udcfd') == 'newer'.bytes

        when:
        root.delete('/t/x\udcff/y\udcfe/z\udcfd')
        root.delete('/t/x\udcff/y\udcfe')

        then:
        root.list('/t/x\udcff') == []
    }

    def "a failure shows the name escaped: #what"() {
        given:
        def container = withTree()

        when:
        action.call(container.root())

        then:
        def e = thrown(ContainerException)
        Shown.escaped(e.line()).contains(shown)

        where:
        what             | action                                  || shown
        'missing'        | { it.read('/t/no\udcff') }              || 'read `/t/no\\udcff` in `'
        'a full one'     | { it.delete('/t/d\udcff') }             || 'delete `/t/d\\udcff` in `'
        'below a file'   | { it.makeDirectories('/t/a\udcff/x') }  || 'make `/t/a\\udcff` in `'
    }

    def "a container whose config has such bytes is found again with them"() {
        given: 'a mount of such a name, an argument and a value in the environment'
        def source = Files.createDirectories(RawPath.resolve(shared, 'source\udcff'))
        Files.writeString(source.resolve('file'), 'found')
        def config = config(['sh', '-c', 'test "$0" = "$E" && exec sleep 1000', 'x\udcff'])
        config = withProcess(config, [env: config.process().env() + ['E=x\udcff']])
        config = config.toBuilder().mounts(config.mounts() + Mount.builder().destination('/m\udcfe').type('bind')
                .source(RawPath.text(source)).options(['bind']).build()).build()
        def container = start(config)

        when: 'by who only knows the id'
        def result = gantry.container(container.id()).exec('sh', '-c', 'cat "$0"/file; printf %s "$E"', '/m\udcfe')

        then:
        new String(result.bytes(), 'ISO-8859-1') == 'foundx\u00ff'

        cleanup:
        ['sh', '-c', 'rmdir "$0"/m*', bundle.resolve('rootfs').toString()].execute().waitFor()
        Files.deleteIfExists(source.resolve('file'))
        Files.deleteIfExists(source)
    }
}
