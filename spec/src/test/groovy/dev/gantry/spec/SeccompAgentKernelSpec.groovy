package dev.gantry.spec

import static dev.gantry.oci.NamespaceType.USER

import dev.gantry.error.ConfigException
import dev.gantry.error.ContainerException
import dev.gantry.json.Json
import dev.gantry.kernel.ExitStatus
import dev.gantry.oci.IdMapping
import dev.gantry.oci.Seccomp
import dev.gantry.spec.support.CProgram
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.FilteredContainers
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import spock.util.concurrent.PollingConditions

/** An agent decides on system calls of containers: a program of its own, src/test/c/agent.c. */
@RequiresKernel(programs = ['busybox:busybox-static', 'cc:gcc'])
class SeccompAgentKernelSpec extends FilteredContainers {
    private static final int EXDEV = 18

    Path home

    Path states

    java.lang.Process agent

    private void startAgent(int errno, String directory = 'agent') {
        home = Files.createDirectories(Files.createTempDirectory(shared, 'agent').resolve(directory))
        states = home.resolve('states')
        def program = CProgram.compile('agent', shared)
        agent = new Command(program, home, states, errno).start(home.resolve('log'))
        new PollingConditions(timeout: 10).eventually {
            assert Files.exists(home.resolve('agent.sock'))
        }
    }

    def cleanup() {
        agent?.destroyForcibly()?.waitFor()
    }

    private Seccomp asking(Object calls) {
        profile('ALLOW', [rule(calls, 'NOTIFY')],
            [listenerPath: home.resolve('agent.sock').toString(), metadata: 'for the agent'])
    }

    /** What the agent was told: the number of descriptors, and the state. */
    private List<List> told() {
        Files.readAllLines(states).collect { line ->
            def space = line.indexOf(' ')
            [line.substring(0, space) as int, Json.parse(line.substring(space + 1).bytes, 'state')]
        }
    }

    def "the agent answers a container that is run, with noNewPrivileges #nnp"() {
        given:
        startAgent(EXDEV)

        when:
        def result =
            run(filtered(asking('mkdir'), probe('mkdir', '/tmp', 0), [noNewPrivileges: nnp, annotations: [team: 'ci']]))

        then:
        result.text().trim() == '18'
        def (int descriptors, state) = told().first()
        descriptors == 1
        state.at('/ociVersion').textValue() == '1.3.0'
        state.at('/fds').elements()*.textValue() == ['seccompFd']
        state.at('/pid').intValue() > 1
        state.at('/metadata').textValue() == 'for the agent'
        state.at('/state/ociVersion').textValue() == '1.3.0'
        state.at('/state/id').textValue() ==~ /spec-\d+-\d+/
        state.at('/state/status').textValue() == 'creating'
        state.at('/state/pid') == state.at('/pid')
        state.at('/state/bundle').textValue() == bundle.toString()
        state.at('/state/annotations/team').textValue() == 'ci'

        where:
        nnp << NO_NEW_PRIVILEGES
    }

    def "the agent is told of a created container and of every added process, with noNewPrivileges #nnp"() {
        given:
        startAgent(EXDEV)
        def container = create(filtered(asking('mkdir'), ['sleep', '100'], [noNewPrivileges: nnp]))

        when:
        container.start()
        def text = container.exec(*probe('mkdir', '/tmp', 0)).text().trim()

        then:
        text == '18'
        told()*.get(1)*.at('/state/status')*.textValue() == ['creating', 'running']
        told()*.get(1)*.at('/state/pid')*.intValue() == [container.state().pid()] * 2
        told()[1][1].at('/pid').intValue() != container.state().pid()

        where:
        nnp << NO_NEW_PRIVILEGES
    }

    def "the agent answers root of a user namespace, too"() {
        given:
        startAgent(EXDEV)
        def map = [new IdMapping(0L, 100000L, 65536L)]
        def config = filtered(asking('mkdir'), probe('mkdir', '/tmp', 0), [noNewPrivileges: nnp])

        expect:
        run(withLinux(withNamespace(config, USER), [uidMappings: map, gidMappings: map])).text().trim() == '18'

        where:
        nnp << NO_NEW_PRIVILEGES
    }

    def "calls of the init itself may be asked about, with noNewPrivileges #nnp"() {
        given: 'an agent that lets everything go on'
        startAgent(0)
        def all =
            asking(['execve', 'open', 'openat', 'read', 'close', 'fcntl', 'capset', 'exit_group', 'mmap', 'fstat'])
        def container = create(filtered(all, ['sleep', '100'], [noNewPrivileges: nnp]))

        when:
        container.start()

        then:
        container.exec('cat', '/etc/passwd').text().startsWith('root:')
        container.exec('ls', '/proc/self/fd').text().split() == ['0', '1', '2', '3']
        run(filtered(all, ['true'], [noNewPrivileges: nnp])).status() == new ExitStatus(0, 0)

        where:
        nnp << NO_NEW_PRIVILEGES
    }

    def "the agent's socket may have a path longer than an address"() {
        given:
        startAgent(EXDEV, 'a' * 200)

        expect:
        run(filtered(asking('mkdir'), probe('mkdir', '/tmp', 0))).text().trim() == '18'
    }

    def "an agent that is not there fails the launch and leaves nothing"() {
        given:
        home = shared.resolve('nobody')

        when:
        run(filtered(asking('mkdir'), ['true']))

        then:
        def e = thrown(ContainerException)
        e.message ==~ /start `spec-\d+-\d+`: install seccomp filter: failed to connect with seccomp agent / +
            /`.*\/nobody\/agent.sock`: no such file or directory \(ENOENT\) \[linux\.seccomp\]/
        gantry.containers().isEmpty()
    }

    def "an agent is not asked for without a rule that asks it"() {
        given:
        def quiet = profile('ALLOW', [rule('mkdir', 'ERRNO')], [listenerPath: '/nonexistent/agent.sock'])

        expect:
        run(filtered(quiet, probe('mkdir', '/tmp', 0))).text().trim() == '1'
    }

    def "#what is refused before anything is made"() {
        when:
        run(filtered(profile('ALLOW', [rule(call, 'NOTIFY')], [listenerPath: path]), ['true']))

        then:
        def e = thrown(ConfigException)
        e.message == message

        where:
        what                        | call    | path         || message
        'a notified write'          | 'write' | '/run/agent' ||
            'SCMP_ACT_NOTIFY cannot be used for the write syscall [linux.seccomp.syscalls[0]]'
        'a rule without a listener' | 'mkdir' | null         ||
            '`listenerPath` is missing: `SCMP_ACT_NOTIFY` asks an agent [linux.seccomp.listenerPath]'
    }

    def "a state that an agent could not read whole is an error"() {
        given:
        startAgent(EXDEV)

        when:
        run(filtered(asking('mkdir'), ['true'], [annotations: [long: 'x' * 4000]]))

        then:
        def e = thrown(ConfigException)
        e.message ==~ /the state for the seccomp agent has \d+ bytes, more than 4095 \[annotations\]/
        gantry.containers().isEmpty()
    }
}
