package dev.gantry.store

import dev.gantry.error.ContainerException
import dev.gantry.error.ErrorKind
import dev.gantry.kernel.jnr.LinuxKernel
import java.nio.file.Files
import java.nio.file.LinkOption
import java.nio.file.Path
import spock.lang.Requires
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir

/** Where the state of containers may lie: only where nobody else can change it. */
class StateRootSpec extends Specification {
    @Shared int uid = LinuxKernel.load().effectiveUid()

    @TempDir Path dir

    private Path real() {
        dir.toRealPath()
    }

    private static Path directory(Path place, int mode = 0700, int owner = -1, int group = -1) {
        Files.createDirectories(place)
        if (owner >= 0) {
            Files.setAttribute(place, 'unix:uid', owner)
        }
        if (group >= 0) {
            Files.setAttribute(place, 'unix:gid', group)
        }
        Files.setAttribute(place, 'unix:mode', mode)
        place
    }

    def "the customary root of #who"() {
        expect:
        new StateRoot(user, environment).byDefault() == Path.of(root)

        where:
        who                                     | user  | environment                  | root
        'root'                                  | 0     | [:]                          | '/run/gantry'
        'root with a runtime directory'         | 0     | [XDG_RUNTIME_DIR: '/run']    | '/run/gantry'
        'a user without a runtime directory'    | 54321 | [:]                          | '/tmp/gantry-54321'
        'a user with somebody else\'s'          | 54321 | [XDG_RUNTIME_DIR: '/run']    | '/tmp/gantry-54321'
        'a user with one that is not there'     | 54321 | [XDG_RUNTIME_DIR: '/no/run'] | '/tmp/gantry-54321'
        'a user with one that is not absolute'  | 54321 | [XDG_RUNTIME_DIR: '.']       | '/tmp/gantry-54321'
        'a user with an empty one'              | 54321 | [XDG_RUNTIME_DIR: '']        | '/tmp/gantry-54321'
    }

    @Requires(value = { new com.sun.security.auth.module.UnixSystem().uid == 0 },
        reason = 'root alone gives files away')
    def "the customary root of a user with a runtime directory is in it"() {
        given:
        def runtime = directory(dir.resolve('runtime'), 0700, 54321)

        expect:
        new StateRoot(54321, [XDG_RUNTIME_DIR: runtime.toString()]).byDefault() == runtime.resolve('gantry')
        new StateRoot(54322, [XDG_RUNTIME_DIR: runtime.toString()]).byDefault() == Path.of('/tmp/gantry-54322')
    }

    def "a root that is not there, or is one's own, will do: mode #mode"() {
        when:
        new StateRoot(uid, [:]).verify(dir.resolve('none/at/all'))
        new StateRoot(uid, [:]).verify(directory(dir.resolve('own'), mode))

        then:
        noExceptionThrown()

        where:
        mode << [0700, 0711, 0755]
    }

    def "a root that others may change is refused: #what"() {
        given:
        def root = making(real())

        when:
        new StateStore(LinuxKernel.load(), root)

        then:
        def e = thrown(ContainerException)
        e.kind() == ErrorKind.IO
        e.message == "open state root `$root`: `${real().resolve(at)}` can be changed by other users".toString()
        e.hint().get() == 'choose one by --root that only you or root can change'

        where:
        what                               | at      | making
        'everybody may write'              | 'root'  | { directory(it.resolve('root'), 0777) }
        'though nobody removes another\'s' | 'root'  | { directory(it.resolve('root'), 01777) }
        'everybody may write above'        | 'above' |
            { directory(it.resolve('above'), 0777); directory(it.resolve('above/root')) }
        'through a link'                   | 'root'  |
            { Files.createSymbolicLink(it.resolve('link'), directory(it.resolve('root'), 0777)) }
    }

    def "one below a directory like /tmp will do"() {
        when:
        directory(real().resolve('above'), 01777)
        new StateRoot(uid, [:]).verify(directory(real().resolve('above/root')))

        then:
        noExceptionThrown()
    }

    @Requires(value = { new com.sun.security.auth.module.UnixSystem().uid == 0 },
        reason = 'root alone gives files away')
    def "root uses no root of another user: #what"() {
        given:
        def root = making(real())

        when:
        new StateStore(LinuxKernel.load(), root)

        then:
        def e = thrown(ContainerException)
        e.message == "open state root `$root`: $why".toString().replace('DIR', real().toString())

        where:
        what                         | why                               | making
        'his directory'              | '`DIR/root` belongs to user 1234' | { directory(it.resolve('root'), 0700, 1234) }
        'below his directory'        | '`DIR/his` belongs to user 1234'  |
            { directory(it.resolve('his'), 0755, 1234); directory(it.resolve('his/root')) }
        'his group may write'        | '`DIR/root` can be changed by other users' |
            { directory(it.resolve('root'), 0770, 0, 1234) }
        'his link, to a good one'    | '`DIR/link` belongs to user 1234' |
            { link(it.resolve('link'), directory(it.resolve('root')), 1234) }
        'his link on the way'        | '`DIR/link` belongs to user 1234' |
            { directory(it.resolve('above/root')); link(it.resolve('link'), it.resolve('above'), 1234).resolve('root') }
        'own link, to his directory' | '`DIR/root` belongs to user 1234' |
            { link(it.resolve('link'), directory(it.resolve('root'), 0700, 1234), 0) }
    }

    private static Path link(Path place, Path target, int owner) {
        Files.createSymbolicLink(place, target)
        Files.setAttribute(place, 'unix:uid', owner, LinkOption.NOFOLLOW_LINKS)
        place
    }

    @Requires(value = { new com.sun.security.auth.module.UnixSystem().uid == 0 },
        reason = 'root alone gives files away')
    def "who called sudo is trusted by root, and by nobody else"() {
        given:
        def root = directory(real().resolve('root'), 0700, 1234)

        when:
        new StateRoot(0, [SUDO_UID: '1234']).verify(root)

        then:
        noExceptionThrown()

        when:
        new StateRoot(user, environment).verify(root)

        then:
        thrown(ContainerException)

        where:
        user | environment
        0    | [SUDO_UID: '1235']
        0    | [SUDO_UID: 'x']
        77   | [SUDO_UID: '1234']
    }

    @Requires(value = { new com.sun.security.auth.module.UnixSystem().uid == 0 },
        reason = 'root alone gives files away')
    def "what is made in it later is looked at then"() {
        given:
        def store = new StateStore(LinuxKernel.load(), real().resolve('root'))
        directory(real().resolve('root'), 0700, 1234)

        when:
        store.reserve('box')

        then:
        def e = thrown(ContainerException)
        e.message.endsWith('/root` belongs to user 1234')
        real().resolve('root').toFile().list() as List == []
    }
}
