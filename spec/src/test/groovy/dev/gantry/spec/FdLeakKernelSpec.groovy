package dev.gantry.spec

import static dev.gantry.spec.support.Eventually.within

import dev.gantry.error.ContainerException
import dev.gantry.kernel.Signal
import dev.gantry.oci.Hook
import dev.gantry.oci.Hooks
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path

/**
 * No descriptor of the runtime's reaches a process of the container, at no way in, nor can it be had from one that
 * waits.
 */
@RequiresKernel(programs = ['busybox:busybox-static'])
class FdLeakKernelSpec extends ContainerSpecification {
    // the shell's own glob opens none that stays
    private static final String LIST = 'for f in /proc/self/fd/*; do echo ${f##*/}; done'

    private static List<String> beyondStdio(String text) {
        // the directory that the glob reads
        text.readLines().findAll { it.isInteger() && it.toInteger() > 2 }.unique() - '3'
    }

    def "a process has its stdio and no more: #way"() {
        expect:
        beyondStdio(text.call(this)) == []

        where:
        way                  | text
        'run'                | { it.sh(LIST).text() }
        'exec'               | { it.start(it.config(['sleep', '100'])).exec('sh', '-c', LIST).text() }
        'exec before start'  | { it.create(it.config(['sleep', '100'])).exec('sh', '-c', LIST).text() }
        'create and start'   | { it.createdAndStarted() }
    }

    private String createdAndStarted() {
        def container = create(config(['sh', '-c', "exec > /listed; $LIST; sleep 100".toString()]))
        container.start()
        def listed = bundle.resolve('rootfs/listed')
        within(5) { Files.exists(listed) && Files.size(listed) > 0 }
        Files.readString(listed).tap { Files.delete(listed) }
    }

    def "a hook inside of the container has its stdio and no more: #point"() {
        given:
        def out = shared.resolve("hook-${newId()}")
        def hook = new Hook('/bin/sh',
            ['sh', '-c', "exec > ${point == 'startContainer' ? '/hooked' : out}; $LIST".toString()], [], null)
        def hooked = config(['true']).toBuilder().hooks(new Hooks([], [], point == 'createContainer' ? [hook] :
            [], point == 'startContainer' ? [hook] : [], [], [])).build()

        when:
        run(hooked)

        then:
        beyondStdio(Files.readString(point == 'startContainer' ? bundle.resolve('rootfs/hooked') : out)) == []

        cleanup:
        Files.deleteIfExists(bundle.resolve('rootfs/hooked'))

        where:
        point << ['createContainer', 'startContainer']
    }

    def "what the command line was started with does not pass through, unless it is preserved"() {
        given:
        def spec = config(['sh', '-c', LIST])
        Files.writeString(bundle.resolve('config.json'), dev.gantry.oci.codec.OciWriter.text(spec))
        def command = "exec 7</ 9<>/etc/hostname; exec ${GantryCommand.LAUNCHER} --root $stateRoot run ${newId()}"

        when:
        def outcome = new Command('bash', '-c', command).at(bundle).run()

        then:
        outcome.exit == 0
        beyondStdio(outcome.out) == []

        cleanup:
        Files.deleteIfExists(bundle.resolve('config.json'))
    }

    def "a working directory that is a descriptor leads nowhere at create: /proc/self/fd/#number#rest"() {
        when:
        run(withProcess(config(['sh', '-c', 'pwd; ls']), [cwd: "/proc/self/fd/$number$rest".toString()]))

        then:
        thrown(ContainerException)

        where:
        [number, rest] << [(3..64), ['', '/../../..']].combinations()
    }

    def "a working directory that is a descriptor leads nowhere at exec"() {
        given:
        def container = start(config(['sleep', '100']))

        expect:
        (3..64).each { number ->
            try {
                def result = container.exec(container.processFor(['ls', '/proc/self/cwd/']).toBuilder()
                    .cwd("/proc/self/fd/$number".toString()).build())
                assert false: "descriptor $number: ${result.text()}"
            } catch (ContainerException e) {
                assert e.message.contains('change directory to'): e.message
            }
        }
    }

    def "a link to descriptors is no better: #link"() {
        given:
        def path = bundle.resolve('rootfs/way')
        Files.deleteIfExists(path)
        Files.createSymbolicLink(path, Path.of(link))
        def container = start(config(['sleep', '100']))

        when:
        container.exec(container.processFor(['ls']).toBuilder().cwd(cwd).build())

        then:
        thrown(ContainerException)

        cleanup:
        Files.deleteIfExists(path)

        where:
        link               | cwd
        '/proc/self/fd/7'  | '/way'
        '/proc/self/fd'    | '/way/5'
        '/proc/1/fd'       | '/way/9'
    }

    def "a process in the container gets no descriptor of one that is being added"() {
        given: 'one that looks at every other process without a pause'
        def watcher = 'while :; do for p in /proc/[0-9]*; do case $p in /proc/1|/proc/$$) continue;; esac; ' +
                'for f in $p/fd/*; do t=$(readlink $f) && case $t in /|/tmp*|/sys*|/run*|*rootfs*|*gantry*) echo "$p ' +
                '$f $t";; esac; done; done; done > /seen 2>/dev/null'
        def container = start(config(['sh', '-c', watcher]))

        when:
        40.times { container.exec('true') }

        then:
        container.status().ociName() == 'running'
        // its own root at most
        Files.readAllLines(bundle.resolve('rootfs/seen')).findAll {
            !it.contains('/proc/') || it =~ / \/(tmp|sys|run)/ || it.contains('gantry')
        }.every { it.endsWith(' /') }

        cleanup:
        container.kill(Signal.KILL.number())
        Files.deleteIfExists(bundle.resolve('rootfs/seen'))
    }
}
