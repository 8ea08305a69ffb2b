package dev.gantry.spec

import dev.gantry.spec.support.GantryCommand
import dev.gantry.spec.support.Outcome
import dev.gantry.spec.support.UnprivilegedUser
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.LinkOption
import java.nio.file.Path
import spock.lang.AutoCleanup
import spock.lang.Shared
import spock.lang.Specification

/** The state roots of several users on one machine, by the command line. */
@RequiresKernel(programs = ['useradd:passwd', 'setpriv:util-linux', 'newuidmap:uidmap'])
class StateRootKernelSpec extends Specification {
    private static final String HELLO = GantryCommand.LAUNCHER.resolveSibling('examples/hello.ctr.groovy')

    @Shared @AutoCleanup UnprivilegedUser user = new UnprivilegedUser()
    Map<String, String> customary

    def setup() {
        customary = user.environment
    }

    def cleanup() {
        user.environment = customary
        ownRoot().toFile().deleteDir()
    }

    private Path ownRoot() {
        Path.of("/tmp/gantry-$user.uid")
    }

    private Outcome hello(Map<String, String> environment) {
        user.environment = customary.findAll { it.key != 'XDG_RUNTIME_DIR' } + environment
        user.gantry(user.home, HELLO)
    }

    def "after root has used Gantry, others still run the first example, with #what"() {
        given:
        def rootsOwn = Path.of('/run/gantry')
        def isNew = !Files.exists(rootsOwn)
        Files.createDirectories(rootsOwn)
        Files.setAttribute(rootsOwn, 'unix:mode', 0711)

        when:
        def outcome = hello(environment)

        then:
        outcome.err.readLines().every { it.startsWith('gantry: warning: ') }
        outcome.out.startsWith('hello from box\n')
        outcome.exit == 0
        def attributes = Files.readAttributes(ownRoot(), 'unix:mode,uid', LinkOption.NOFOLLOW_LINKS)
        attributes == [mode: 040700, uid: user.uid.toInteger()]

        cleanup:
        if (isNew) {
            Files.delete(rootsOwn)
        }

        where:
        what                                 | environment
        'no runtime directory'               | [:]
        'the runtime directory of another'   | [XDG_RUNTIME_DIR: '/run']
        'one that is not there'              | [XDG_RUNTIME_DIR: '/run/user/nobody']
    }

    def "a directory that lies in wait is not used: #what"() {
        given:
        making(ownRoot())

        when:
        def outcome = hello([:])
        def listed = user.gantry(user.home, 'list')

        then:
        outcome.exit == 1
        outcome.out == ''
        def told = "gantry: open state root `${ownRoot()}`: `${ownRoot()}` $why".toString()
        outcome.err == "$told [$HELLO:7]; hint: choose one by --root that only you or root can change\n".toString()
        listed.err == "$told; hint: choose one by --root that only you or root can change\n".toString()

        cleanup:
        Files.deleteIfExists(ownRoot())
        Files.deleteIfExists(Path.of('/tmp/elsewhere'))

        where:
        what                        | why                             | making
        'another user\'s'           | 'belongs to user 4321'          |
            { Files.createDirectory(it); Files.setAttribute(it, 'unix:uid', 4321) }
        'a link of another user\'s' | 'belongs to user 4321'          |
            {
                Files.createDirectory(Path.of('/tmp/elsewhere'))
                Files.createSymbolicLink(it, Path.of('/tmp/elsewhere'))
                Files.setAttribute(it, 'unix:uid', 4321, LinkOption.NOFOLLOW_LINKS)
            }
        'one that all may write'    | 'can be changed by other users' |
            { Files.createDirectory(it); Files.setAttribute(it, 'unix:mode', 0777) }
    }

    def "nothing is made where a link of another user's leads to"() {
        given: 'a root that is not there, beyond such a link'
        def victim = Files.createDirectory(Path.of('/tmp/victim'))
        def link = Files.createSymbolicLink(Path.of('/tmp/leading'), victim)
        Files.setAttribute(link, 'unix:uid', 4321, LinkOption.NOFOLLOW_LINKS)
        def box = user.bundle('box')
        def root = new GantryCommand(link.resolve('y/z'), box)
        assert root.run('spec').exit == 0
        def config = box.resolve('config.json')
        Files.writeString(config, Files.readString(config).replace('"terminal": true', '"terminal": false'))

        expect:
        [['list'], ['run', 'c']].every { words ->
            root.run(*words).err.contains("open state root `/tmp/leading/y/z`: `/tmp/leading` belongs to user 4321")
        }
        victim.toFile().list().toList() == []

        cleanup:
        Files.delete(link)
        Files.delete(victim)
    }

    def "a root that is another user's says so"() {
        given:
        def others = Files.createTempDirectory('root')
        Files.setAttribute(others, 'unix:mode', 0711)

        expect:
        user.gantry(user.home, '--root', others.toString(), *args).err ==
                ("gantry: list `$others`: permission denied (EACCES)$place; " +
                "hint: it is for another user; leave out --root, or choose one of your own\n").toString()

        cleanup:
        others.toFile().deleteDir()

        where:
        args     | place
        ['list'] | ''
        [HELLO]  | " [$HELLO:7]"
    }

    def "an unreadable script says why: #what"() {
        given:
        def file = making(Files.createDirectory(user.home.resolve('scripts')).resolve('x.ctr.groovy'))

        expect:
        user.gantry(user.home, command, file.toString()).with { [it.exit != 0, it.err] } ==
            [true, "gantry: read `$file`: $why\n".toString()]

        cleanup:
        user.home.resolve('scripts').toFile().deleteDir()

        where:
        what                    | command | why                          | making
        'run'                   | 'run'   | 'permission denied (EACCES)' |
            { Files.setAttribute(Files.writeString(it, ''), 'unix:mode', 0600) }
        'checked'               | 'check' | 'permission denied (EACCES)' |
            { Files.setAttribute(Files.writeString(it, ''), 'unix:mode', 0600) }
        'a directory'           | 'check' | 'is a directory (EISDIR)'    | { Files.createDirectory(it) }
        'in a closed directory' | 'check' | 'permission denied (EACCES)' |
            { Files.setAttribute(it.parent, 'unix:mode', 0700); it }
    }
}
