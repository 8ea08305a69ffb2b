package dev.gantry.spec

import static dev.gantry.oci.NamespaceType.USER

import com.fasterxml.jackson.databind.ObjectMapper
import dev.gantry.kernel.Signal
import dev.gantry.oci.Capabilities
import dev.gantry.oci.Hook
import dev.gantry.oci.Hooks
import dev.gantry.oci.IdMapping
import dev.gantry.oci.OciConfig
import dev.gantry.oci.User
import dev.gantry.plan.GantryAnnotations
import dev.gantry.spec.support.FilteredContainers
import dev.gantry.spock.RequiresKernel
import dev.gantry.value.HookFailure
import dev.gantry.value.StepFailure
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Requires

/** What Landlock allows and forbids in containers: to the first process, to added ones, to hooks, whoever they are. */
@RequiresKernel(programs = ['busybox:busybox-static', 'cc:gcc'])
@Requires(value = { dev.gantry.kernel.jnr.LinuxKernel.load().landlockVersion() >= 6 },
    reason = 'scopes came with version 6 of Landlock')
class LandlockKernelSpec extends FilteredContainers {
    private static final List<Map> BASE =
        [[path: '/bin', access: ['exec']], [path: '/proc', access: ['read']], [path: '/dev', access: ['write']]]

    private OciConfig restricted(Map rules, List<String> args = ['sleep', '100'], Map more = [:]) {
        def all = [paths: BASE + (rules.paths ?: [])] + rules.findAll { it.key != 'paths' }
        withProcess(config(args), more).toBuilder()
            .annotations([(GantryAnnotations.LANDLOCK): new ObjectMapper().writeValueAsString(all)]).build()
    }

    private boolean denied(String text) {
        text.contains('Permission denied')
    }

    def setup() {
        Files.createDirectories(bundle.resolve('rootfs/data'))
        Files.writeString(bundle.resolve('rootfs/data/file'), 'content\n')
        bundle.resolve('rootfs/data').toFile().setWritable(true, false)
        Files.deleteIfExists(bundle.resolve('rootfs/data/new'))
    }

    def "`#script` with #access on /data is denied: #refused"() {
        given:
        def config = restricted([paths: access ? [[path: '/data', access: access]] : []])

        when:
        def first = run(withProcess(config, [args: ['sh', '-c', script]])).text()
        Files.deleteIfExists(bundle.resolve('rootfs/data/new'))

        then:
        denied(first) == refused

        and: 'for a process that is added too'
        start(config).exec('sh', '-c', script).with { denied(it.err() + it.out()) } == refused

        where:
        script                                      | access                      || refused
        'cat /data/file'                            | []                          || true
        'cat /data/file'                            | ['read']                    || false
        'cat /data/file'                            | ['read_file']               || false
        'cat /data/file'                            | [4]                         || false
        'cat /data/file'                            | ['read_dir']                || true
        'ls /data'                                  | ['read_file']               || true
        'ls /data'                                  | [8]                         || false
        'echo x >> /data/file'                      | ['read']                    || true
        'echo x >> /data/file'                      | ['write']                   || false
        'echo x > /data/file'                       | ['read', 'write_file']      || true
        'echo x > /data/file'                       | ['write_file', 'truncate']  || false
        'mkdir /data/new && rmdir /data/new'        | ['read', 'make_reg']        || true
        'mkdir /data/new && rmdir /data/new'        | ['write']                   || false
        'mknod /data/new p && rm /data/new'         | ['make_fifo']               || true
        'mknod /data/new p && rm /data/new'         | ['make_fifo', 'remove_file', 'read_dir'] || false
        'cp /bin/busybox /data/new; /data/new true' | ['write']                   || true
        'cp /bin/busybox /data/new; /data/new true' | ['write', 'execute']        || false
        'mv /data/file /data/new; mv /data/new /data/file' | ['write']            || false
    }

    def "with noNewPrivileges #nnp as user #uid, user namespace: #mapped, it is restricted, nothing else differs"() {
        given:
        def ids = [new IdMapping(0, 100_000, 65_536)]
        def changes = [noNewPrivileges: nnp, user: User.builder().uid(uid).gid(uid).build()]
        def placed =
            { OciConfig c -> mapped ? withLinux(withNamespace(c, USER), [uidMappings: ids, gidMappings: ids]) : c }
        def status = ['grep', '-E', '^(Cap...|NoNewPrivs|Uid):', '/proc/self/status']

        expect:
        run(placed(restricted([:], status, changes))).text() == run(placed(withProcess(config(status), changes))).text()
        denied(run(placed(restricted([:], ['cat', '/data/file'], changes))).text())
        denied(start(placed(restricted([:], ['sleep', '100'], changes))).exec('cat', '/data/file').err())

        where:
        [nnp, uid, mapped] << [NO_NEW_PRIVILEGES, [0L, 1000L], [false, true]].combinations()
    }

    def "ports: #script with #rules says #answer"() {
        expect:
        run(restricted(rules, ['sh', '-c', script])).text().contains(answer)

        where: 'nobody listens; busybox tells the errno'
        script                      | rules                                           || answer
        'nc -w 1 127.0.0.1 443'     | [ports: [[port: 443, access: ['connect_tcp']]]] || 'Connection refused'
        'nc -w 1 127.0.0.1 80'      | [ports: [[port: 443, access: ['connect_tcp']]]] || 'Permission denied'
        'nc -w 1 127.0.0.1 80'      | [ports: [[port: 443, access: ['bind_tcp']]]]    || 'Connection refused'
        'nc -l -p 80 -w 1'          | [ports: [[port: 443, access: [1]]]]             || 'Permission denied'
        'nc -l -p 80 -w 1; echo ok' | [ports: [[port: 80, access: ['bind_tcp']]]]     || 'ok'
        'nc -w 1 127.0.0.1 443'     | [handledAccessNet: ['connect_tcp']]             || 'Permission denied'
    }

    def "scoped signals do not leave the process that was added"() {
        given:
        def free = start(restricted([:]))
        def scoped = start(restricted([scoped: ['signal']]))

        expect:
        free.exec('kill', '-0', '1').status().shell() == 0
        scoped.exec('kill', '-0', '1').err().contains('Operation not permitted')
        scoped.exec('sh', '-c', 'sleep 100 & kill $!').status().shell() == 0

        and: 'the runtime is not restricted'
        scoped.kill(Signal.TERM.number())
        scoped.kill(Signal.KILL.number())
        scoped.waitFor().isPresent()
    }

    def "mounts cannot be changed any more, by whoever could otherwise"() {
        given:
        def all = config().process().capabilities().bounding() + 'CAP_SYS_ADMIN'
        def able = [capabilities: Capabilities.builder().bounding(all).effective(all).permitted(all).build()]
        def script = ['sh', '-c', 'mount -t tmpfs none /data 2>&1']

        expect:
        run(withProcess(config(script), able)).text() == ''
        run(restricted([:], script, able)).text().contains('mount: permission denied')
    }

    def "hooks inside that come after are restricted too, those before are not"() {
        given:
        def late = new Hook('/bin/sh', ['sh', '-c', 'echo x > /data/new || exit 7'], ['PATH=/bin'], null)
        def config = restricted([:], ['true'])

        when:
        run(config.toBuilder().hooks(new Hooks([], [], [], [late], [], [])).build())

        then:
        def e = thrown(HookFailure)
        e.message.contains('startContainer hook #0') && e.message.contains('Permission denied')

        when:
        Files.deleteIfExists(bundle.resolve('rootfs/data/new'))
        def script = "echo x > ${bundle.resolve('rootfs/data/new')}".toString()
        def early = new Hook('/bin/sh', ['sh', '-c', script], ['PATH=/bin'], null)
        run(config.toBuilder().hooks(new Hooks([], [early], [], [], [], [])).build())

        then:
        Files.exists(bundle.resolve('rootfs/data/new'))
    }

    def "a path is looked up beneath the container's root: #path"() {
        given:
        def link = bundle.resolve('rootfs/link')
        Files.createSymbolicLink(link, Path.of(target))

        expect:
        run(restricted([paths: [[path: path, access: ['read']]]], ['cat', '/data/file'])).text() == 'content\n'

        cleanup:
        Files.delete(link)

        where:
        path    | target
        '/link' | '/data'
        '/link' | '../../../../../../../../data'
        '/link' | '/data/file'
    }

    def "a path that leads through a magic link, or to nothing, is refused: #path"() {
        when:
        run(restricted([paths: [[path: path, access: ['read']]]], ['true']))

        then:
        def e = thrown(StepFailure)
        e.message.contains("open `$path`: $why")
        e.message.endsWith('[annotations.dev.gantry.landlock]')

        where:
        path                || why
        '/proc/self/root'   || 'too many levels of symbolic links (ELOOP)'
        '/proc/1/cwd/data'  || 'too many levels of symbolic links (ELOOP)'
        '/none'             || 'no such file or directory (ENOENT)'
    }

    def "a filter that comes after may refuse the calls of Landlock"() {
        given:
        def profile = profile('ALLOW', [rule(['prctl', 'openat', 'openat2', 'mkdir'], 'ERRNO')])
        def config = withLinux(restricted([:], ['/probe', '-1'], [noNewPrivileges: nnp]), [seccomp: profile])

        expect: 'the program, static, is found forbidden by Landlock and not by the filter'
        try {
            run(config)
            false
        } catch (StepFailure e) {
            e.message.contains('exec /probe: permission denied (EACCES)')
        }

        where:
        nnp << [true, false]
    }
}
