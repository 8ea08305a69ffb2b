package dev.gantry.spec

import dev.gantry.runtime.Internals
import dev.gantry.error.ContainerException
import dev.gantry.runtime.Container
import dev.gantry.spec.support.ContainerSpecification
import dev.gantry.spock.RequiresKernel
import dev.gantry.value.ExecOptions
import java.nio.file.Files
import java.nio.file.Path

/** Processes that are added to cgroups below the container's own, and to no others. */
@RequiresKernel(programs = ['busybox:busybox-static'])
class ExecCgroupKernelSpec extends ContainerSpecification {
    private static final List<String> SLEEP = ['sleep', '100']

    def "a process gets into no cgroup beside the container's: #path"() {
        given:
        def container = start(config(SLEEP))
        def siblings = container.state().cgroups().collect { Files.createDirectory(Path.of("$it-evil")) }

        when:
        add(container, [path.replace('ID', container.id())])

        then:
        def e = thrown(ContainerException)
        e.message.endsWith("$path is not a sub cgroup path".replace('ID', container.id()))
        siblings.every { Files.readString(it.resolve('cgroup.procs')) == '' }
        container.processes().size() == 1

        cleanup:
        siblings.each { it.toFile().delete() }

        where:
        path << ['../ID-evil', '..', 'a/../../ID-evil', '../../..']
    }

    def "it gets into one below, of every hierarchy or of those that are named"() {
        given:
        def container = start(config(SLEEP))
        def dirs = container.state().cgroups()
        dirs.each { Files.createDirectory(Path.of(it, 'below')) }

        when: 'a new v1 cpuset takes nobody before it has processors'
        dirs.findAll { it.startsWith('/sys/fs/cgroup/cpuset/') }.each { dir ->
            ['cpuset.cpus', 'cpuset.mems']
                .each { Files.writeString(Path.of(dir, 'below', it), Files.readString(Path.of(dir, it))) }
        }
        def everywhere = add(container, ['below'])
        def somewhere = add(container, ['memory,pids:/below'])

        then:
        own(everywhere).every { it.endsWith("/${container.id()}/below") }
        own(somewhere).findAll { it.endsWith('/below') }*.split(':')*.getAt(1) as Set == ['memory', 'pids'] as Set
    }

    def "what is not there is told: #path"() {
        given:
        def container = start(config(SLEEP))

        when:
        add(container, [path])

        then:
        def e = thrown(ContainerException)
        e.message.contains(message)
        container.processes().size() == 1

        where:
        path           || message
        'nonexistent'  || '/nonexistent/cgroup.procs: no such file '
        'bogus:/below' || 'unknown controller '
    }

    private int add(Container container, List<String> cgroups) {
        Internals.spawn(container, container.processFor(SLEEP), stdio(), ExecOptions.DEFAULT.inCgroups(cgroups)).pid()
    }

    /** The container's cgroups of a process, each as `/proc` tells it. */
    private static List<String> own(int pid) {
        Files.readAllLines(Path.of("/proc/$pid/cgroup")).findAll { it.contains('spec-') }
    }
}
