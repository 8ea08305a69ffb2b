package dev.gantry.spec

import dev.gantry.spec.support.Busybox
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spec.support.HostMounts
import dev.gantry.spec.support.Outcome
import dev.gantry.spec.support.UnprivilegedUser
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/**
 * Bundles that `gantry compile` writes, also as an ordinary user: runc, crun and Gantry run them with the same result.
 */
@RequiresKernel(programs = ['runc', 'crun', 'busybox:busybox-static', 'setpriv:util-linux', 'useradd:passwd'])
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class CompiledBundleKernelSpec extends Specification {
    static final SCRIPT = '''
        container('box') {
            rootfs dir('rootfs')
            hostname 'compiled'
            process {
                args 'sh', '-c', 'hostname; id -u; pwd; echo $GREETING; ulimit -n; ' +
                    'cat /proc/self/status | grep -E "CapEff|NoNewPrivs|Seccomp:"; ' +
                    'echo x > /data/x && cat /data/x; exit 7'
                cwd '/tmp'
                env GREETING: 'hello', PATH: '/bin'
                user uid: 1000, gid: 1000
                rlimit 'NOFILE', soft: 128, hard: 256
                capabilities { drop 'ALL' }
                noNewPrivileges true
            }
            mounts { tmpfs '/data', size: 1.MiB, mode: 01777 } // runc 1.1 gives a directory that is there its own mode
            namespaces { network 'none' }
            resources { memory 64.MiB; pids 32 }
            seccomp { profile 'default' }
        }
    '''

    @Shared @TempDir Path dir

    private Outcome run(Path bundle, String... command) {
        new Command(command.toList()).at(bundle).input('').merged().run()
    }

    /** crun takes a hybrid host for one of cgroup v2 alone while its v2 hierarchy has a controller. */
    private void withoutUnifiedControllers(HostMounts host) {
        def unified = new File('/sys/fs/cgroup/unified/cgroup.controllers')
        if (unified.exists()) {
            unified.text.tokenize().each { host.hierarchy(Files.createDirectories(dir.resolve("v1/$it")), it) }
        }
    }

    def "a script gives the same bytes in any process and directory, and three runtimes run them with one result"() {
        given:
        def host = new HostMounts()
        withoutUnifiedControllers(host)
        def gantry = new GantryCommand(dir.resolve('state'), dir)
        Busybox.rootfs(dir.resolve('rootfs'))
        Files.writeString(dir.resolve('x.ctr.groovy'), SCRIPT)

        when:
        def elsewhere = new GantryCommand(dir.resolve('state'), Files.createDirectory(dir.resolve('elsewhere')))
        def compiled = [gantry.run('compile', 'x.ctr.groovy', '-o', 'one'),
                        elsewhere.run('compile', '../x.ctr.groovy', '-o', dir.resolve('two').toString())]
        def bundle = dir.resolve('one')

        then:
        compiled*.exit == [0, 0]
        Files.readAllBytes(bundle.resolve('config.json')) == Files.readAllBytes(dir.resolve('two/config.json'))

        when:
        def id = "compiled-${ProcessHandle.current().pid()}".toString()
        def results = [run(bundle, 'runc', 'run', id), run(bundle, 'crun', 'run', id),
                       run(bundle, GantryCommand.LAUNCHER.toString(), *gantry.globals, 'run', id)]

        then:
        results[0].exit == 7
        results[0].out.readLines()[0..4] == ['compiled', '1000', '/tmp', 'hello', '128']
        results[1].toString() == results[0].toString()
        results[2].toString() == results[0].toString()

        cleanup:
        host?.close()
    }

    def "an ordinary user checks and compiles, and root runs what came out"() {
        given:
        def user = new UnprivilegedUser()
        def home = user.home
        Busybox.rootfs(home.resolve('rootfs'))
        Files.writeString(home.resolve('x.ctr.groovy'), SCRIPT)
        Files.writeString(home.resolve('bad.ctr.groovy'), SCRIPT.replace("hostname 'c", "hostnam 'c") +
            "container('b').start().exec('id', user: 'r//t')\n")
        ['x', 'bad'].each { home.resolve("${it}.ctr.groovy").toFile().setReadable(true, false) }
        user.run(home, 'true')

        when:
        def checked = user.gantry(home, 'check', 'x.ctr.groovy')
        def bad = user.gantry(home, 'check', 'bad.ctr.groovy')
        def compiled = user.gantry(home, 'compile', 'x.ctr.groovy', '-o', 'bundle')

        then:
        checked.exit == 0
        checked.out + checked.err == ''
        bad.exit == 1
        bad.err.readLines().findAll { it.contains('error: ') } == [
                'bad.ctr.groovy:4:13: error: container: unknown keyword `hostnam`; did you mean `hostname`?',
                "bad.ctr.groovy:21:46: error: container: " +
                "`user` of `exec` must be a name or a number, or 'user:group', not `r//t`",
        ]
        compiled.exit == 0
        run(home.resolve('bundle'), 'runc', 'run', "user-${ProcessHandle.current().pid()}".toString()).exit == 7

        cleanup:
        user?.close()
    }
}
