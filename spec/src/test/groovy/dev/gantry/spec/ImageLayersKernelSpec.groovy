package dev.gantry.spec

import dev.gantry.error.ContainerException
import dev.gantry.error.ErrorKind
import dev.gantry.image.Images
import dev.gantry.kernel.jnr.LinuxKernel
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.ImageLayout
import dev.gantry.spec.support.LayerArchive
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir

/** Layers that anybody could have made: unpacked as umoci unpacks them, or refused, and nothing outside is touched. */
@RequiresKernel(programs = ['umoci'])
class ImageLayersKernelSpec extends Specification {
    private static final Map DIR = [name: 'd/', type: '5', mode: 0750, uid: 3, gid: 4]
    private static final String LONG = 'n' * 150

    @Shared @TempDir Path dir
    Path work
    Path outside
    Images images

    def setup() {
        work = Files.createTempDirectory(dir, 'case')
        outside = Files.writeString(work.resolve('outside'), 'mine')
        images = new Images(LinuxKernel.load(), work.resolve('store'))
    }

    private static Map file(String name, Map more = [:]) {
        [name: name, data: "content of $name"] + more
    }

    private static Map link(String name, String target) {
        [name: name, type: '2', link: target, mode: 0777]
    }

    private static Map hard(String name, String target) {
        [name: name, type: '1', link: target]
    }

    private ImageLayout layout(List<List<Map>> layers) {
        def layout = new ImageLayout(work.resolve('layout'))
        layout.add('it', layers.collect { LayerArchive.of(it) })
        layout
    }

    private List<String> unpack(ImageLayout layout) {
        images.unpack(images.find("oci:$layout.directory:it", work))
    }

    /** All that there is to know of a tree but the times and sizes of directories. */
    private static List<String> tree(Path root) {
        def files = Command.ok('find', root, '-mindepth', '1', '-not', '-type', 'd',
            '-printf', '%P %y %m %U %G %s %n %l %T@\n')
        def directories = Command.ok('find', root, '-type', 'd', '-printf', '%P %y %m %U %G\n')
        def contents = Command.shell("cd $root && find . -type f -exec sha256sum {} + | sort -k2")
        (files.readLines().sort() + directories.readLines().sort() + contents.readLines())
    }

    private List<String> shown(List<String> layers) {
        def merged = Files.createDirectories(work.resolve('merged'))
        def top = Files.createDirectories(work.resolve('top'))
        Command.ok('mount', '-t', 'overlay', 'overlay', '-o', "lowerdir=${[top, *layers].join(':')}", merged)
        try {
            tree(merged).findAll { !it.startsWith(' d ') } // the top has the mode of the directory that was put there
        } finally {
            Command.ok('umount', merged)
        }
    }

    private List<String> byUmoci(ImageLayout layout) {
        Command.ok('umoci', 'raw', 'unpack', '--image', "$layout.directory:it", work.resolve('umoci'))
        tree(work.resolve('umoci')).findAll { !it.startsWith(' d ') }
    }

    def "#what is unpacked as by umoci"() {
        given:
        def made = layout(layers)

        expect:
        shown(unpack(made)) == byUmoci(made)
        Files.readString(outside) == 'mine'

        where:
        what                                 | layers
        'a file without a directory'         | [[file('a/b/c')]]
        'a directory with owner and mode'    | [[DIR, file('d/f', [mode: 04755, uid: 7, gid: 8])]]
        'an absolute name'                   | [[file('/etc/x')]]
        'a name with dots'                   | [[file('./a/./b')]]
        'a file twice'                       | [[file('f'), file('f', [data: 'later'])]]
        'a file in the place of a directory' | [[DIR, file('d/f'), file('d')]]
        'a directory in the place of a file' | [[file('d'), DIR, file('d/f')]]
        'a directory twice'                  | [[DIR, file('d/f'), DIR + [mode: 0700]]]
        'a link out of the layer'            | [[link('l', '/etc/passwd'), link('m', '../../../outside')]]
        'a file through an absolute link'    | [[link('l', '/x'), [name: 'x/', type: '5'], file('l/f')]]
        'a file through a link upwards'      | [[[name: 'x/', type: '5'], link('l', '../../x'), file('l/f')]]
        'a file through a link to the root'  | [[link('l', '/'), file('l/f')]]
        'a file through two links'           | [[link('l', 'm'), link('m', 'x'), [name: 'x/', type: '5'], file('l/f')]]
        'a file in the place of a link'      | [[link('l', '/etc/passwd'), file('l')]]
        'a link in the place of a directory' | [[DIR, file('d/f'), link('d', '/')]]
        'a hard link'                        | [[file('f', [mode: 0600, uid: 5]), hard('g', 'f')]]
        'a hard link to an absolute name'    | [[file('f'), hard('g', '/f')]]
        'a hard link to a link'              | [[link('l', '/etc/passwd'), hard('g', 'l')]]
        'a hard link through a link'         |
            [[link('l', '/x'), [name: 'x/', type: '5'], file('x/f'), hard('g', 'l/f')]]
        'a hard link to a file of a layer below' | [[file('f', [mode: 0640, uid: 9])], [hard('g', 'f')]]
        'a fifo'                             | [[[name: 'p', type: '6', mode: 0622]]]
        'devices'                            |
            [[[name: 'c', type: '3', major: 1, minor: 3], [name: 'b', type: '4', major: 259, minor: 300]]]
        'a device in the place of a link'    | [[link('c', '/dev/null'), [name: 'c', type: '3', major: 1, minor: 3]]]
        'a long name of pax'                 | [[[name: 'short', data: 'x', pax: [path: "a/$LONG".toString()]]]]
        'a long name of gnu'                 |
            [[[name: '././@LongLink', type: 'L', data: "a/$LONG\0"], [name: 'short', data: 'x']]]
        'a long link of pax'                 |
            [[[name: 'l', type: '2', mode: 0777, pax: [linkpath: "/$LONG".toString()]]]]
        'an owner and a time of pax'         |
            [[[name: 'f', data: 'x', pax: [uid: '70000', gid: '80000', mtime: '1500000000.25']]]]
        'a name of many alphabets' | [[file('grün'), [name: 'short', data: 'x', pax: [path: 'данные']]]]
        'a file that is hidden'              | [[file('a'), file('b')], [file('.wh.a', [data: ''])]]
        'a directory that is hidden'         | [[DIR, file('d/f'), file('e')], [file('.wh.d', [data: ''])]]
        'a file that is hidden and made again' | [[file('a')], [file('.wh.a', [data: '']), file('a', [data: 'new'])]]
        'a directory that is hidden and made again' |
            [[DIR, file('d/f')], [file('.wh.d', [data: '']), DIR, file('d/g')]]
        'an opaque directory'                |
            [[DIR, file('d/f')], [DIR, file('d/.wh..wh..opq', [data: '']), file('d/g')]]
        'a directory that becomes opaque at last' |
            [[DIR, file('d/f')], [DIR, file('d/g'), file('d/.wh..wh..opq', [data: ''])]]
        'an opaque root'                     |
            [[DIR, file('d/f'), file('e')], [file('.wh..wh..opq', [data: '']), file('n')]]
        'what is hidden and is not there'    | [[file('a')], [file('.wh.b', [data: '']), file('x/.wh.c', [data: ''])]]
        'what is hidden through a link'      |
            [[link('l', '/d'), DIR, file('d/f'), file('d/g')], [file('l/.wh.f', [data: ''])]]
        'a file through a link of a layer below' | [[link('l', '/d'), DIR], [file('l/f')]]
        'a passed directory of a layer below' | [[DIR + [mode: 0700, uid: 6]], [file('d/e/f')]]
        'a file over a directory below'      | [[DIR, file('d/f')], [file('d')], [DIR, file('d/g')]]
        'a directory over a file below'      | [[DIR, file('d/f')], [file('d'), DIR, file('d/g')]]
        'a hidden name in three layers'      | [[file('a')], [file('.wh.a', [data: ''])], [file('a', [data: 'third'])]]
    }

    def "#what is refused"() {
        when:
        unpack(layout(layers))

        then:
        def e = thrown(ContainerException)
        e.kind() == ErrorKind.IMAGE
        e.message.replaceAll(/^image `.*`: unpack layer `sha256:[0-9a-f]{64}`: /, '') == message
        Files.readString(outside) == 'mine'
        work.resolve('store/tree').toFile().list().length == layers.size() - 1
        work.resolve('store/work').toFile().list().length == 0

        where:
        what                          | layers                         || message
        'a name that leads upwards'   | [[file('../outside')]]         || 'entry `../outside`: its name leads upwards'
        'a name that leads upwards within' | [[DIR, file('d/../../outside')]] ||
            'entry `d/../../outside`: its name leads upwards'
        'an absolute name that leads upwards' | [[file('/../outside')]]        ||
            'entry `/../outside`: its name leads upwards'
        'a hard link that leads upwards' | [[hard('h', '../../outside')]] ||
            'entry `h`: the file it links to leads upwards'
        'a hard link to a file of the host' | [[hard('h', '/etc/hostname')]] ||
            'entry `h`: it links to `/etc/hostname`, which is not there'
        'a hard link through a link of it' | [[link('l', '/etc'), hard('h', 'l/hostname')]] ||
            'entry `h`: it links to `l/hostname`, which is not there'
        'a hard link to a directory'  | [[DIR, hard('h', 'd')]]        || 'entry `h`: it links to `d`, a directory'
        'a hard link to the root'     | [[hard('h', '/')]]             || 'entry `h`: it links to the root'
        'a hard link to itself'       | [[file('f'), hard('f', './f')]] || 'entry `f`: it links to itself'
        'a parent that is a file'     | [[file('f'), file('f/g')]]     || 'entry `f/g`: `/f` is no directory'
        'a parent that is a device'   | [[[name: 'c', type: '3', major: 1, minor: 3], file('c/g')]] ||
            'entry `c/g`: `/c` is no directory'
        'links in a circle'           | [[link('a', 'b'), link('b', 'a'), file('a/f')]] ||
            'entry `a/f`: its path has more than 40 links'
        'a root that is a link'       | [[link('.', '/etc')]]          || 'entry `.`: the root must be a directory'
        'a device that is a whiteout' | [[[name: 'c', type: '3']]]     ||
            'entry `c`: the device 0:0 hides files, for overlayfs'
        'an attribute of overlayfs'   | [[file('f', [pax: ['SCHILY.xattr.trusted.overlay.redirect': '/x']])]] ||
            'entry `f`: the attribute `trusted.overlay.redirect` belongs to overlayfs'
        'another attribute of overlayfs' | [[file('f', [pax: ['SCHILY.xattr.user.overlay.opaque': 'y']])]] ||
            'entry `f`: the attribute `user.overlay.opaque` belongs to overlayfs'
        'a whiteout of no name'       | [[file('.wh.', [data: ''])]]   || 'entry `.wh.`: it hides no name'
        'a whiteout of the directory' | [[file('d/.wh..', [data: ''])]] || 'entry `d/.wh..`: it hides no name'
        'a whiteout of the directory above' | [[file('d/.wh...', [data: ''])]] || 'entry `d/.wh...`: it hides no name'
        'a name that is too long'     | [[[name: 'x', pax: [path: 'n' * 300]]]] ||
            "entry `${'n' * 300}`: file name too long (ENAMETOOLONG)"
        'a path that is too long'     | [[[name: 'x', pax: [path: 'n/' * 2100 + 'n']]]] ||
            "entry `${'n/' * 2100}n`: its name is longer than 4095 bytes"
        'a tree that is too deep'     | [[[name: 'x', pax: [path: 'n/' * 600 + 'n']]]] ||
            "entry `${'n/' * 600}n`: it is more than 500 directories deep"
        'a user that nobody can be'   | [[[name: 'f', pax: [uid: '4294967295']]]] ||
            'entry `f`: no user or group can be 4294967295'
        'a type that nobody knows'    | [[[name: 'v', type: 'V']]]     || 'entry `v`: type `V` is unknown'
        'a header that fills the memory' | [[[name: 'x', type: 'L', size: 1L << 32]]] ||
            'a header of 4294967296 bytes; more than 1048576 are refused'
        'an extended header that is damaged' | [[[name: 'x', type: 'x', data: '99 path=x\n'], file('f')]] ||
            'paxheader value size 91 exceeds size of header record'
        'a wrong checksum'            | [[file('f', [checksum: 1])]]   ||
            'it is no tar archive, or damaged: a header has a wrong checksum'
        'a file of an exbibyte'       | [[[name: 'f', pax: [size: "${1L << 60}".toString()]]]] ||
            'entry `f`: it has 1152921504606846976 bytes, more than 1099511627776'
        'what is wrong in a layer above' | [[file('a')], [file('../outside')]] ||
            'entry `../outside`: its name leads upwards'
    }
}
