package dev.gantry.plan

import dev.gantry.error.ConfigException
import dev.gantry.oci.Configs
import spock.lang.Specification

class MountRulesSpec extends Specification {
    private static final List MAP = [[containerID: 0, hostID: 1000, size: 1]]
    private static final List USER = [[type: 'mount'], [type: 'user']]

    def "refused: #mount"() {
        when:
        compile([mounts: [mount]])

        then:
        def e = thrown(ConfigException)
        e.line() == line

        where:
        mount                                                                 || line
        [destination: '/proc', type: 'tmpfs']                                 || 'only proc may be mounted on `/proc` [mounts[0]]'
        [destination: '/x/../proc/', type: 'tmpfs']                           || 'only proc may be mounted on `/proc` [mounts[0]]'
        [destination: '/sys', type: 'proc']                                   || 'only sysfs may be mounted on `/sys` [mounts[0]]'
        [destination: '/a', type: 'bind']                                     || 'a bind mount needs a `source` [mounts[0].source]'
        [destination: '/a', type: 'bind', source: '']                         || 'a bind mount needs a `source` [mounts[0].source]'
        [destination: '/a', source: '/b', options: ['bind', 'size=1', 'x']]   || 'a bind mount takes no option `size=1` for a file system [mounts[0].options]'
        [destination: '/a', type: 'ramfs', options: ['tmpcopyup']]            || 'only a tmpfs can begin as a copy: `tmpcopyup` [mounts[0].options]'
        [destination: '/a', type: 'tmpfs', source: '/b', options: ['rbind', 'tmpcopyup']] || 'only a tmpfs can begin as a copy: `tmpcopyup` [mounts[0].options]'
        [destination: '/a', type: 'tmpfs', options: ['idmap']]                || 'only the ids of a bind mount can be mapped [mounts[0]]'
        [destination: '/a', type: 'tmpfs', uidMappings: MAP, gidMappings: MAP] || 'only the ids of a bind mount can be mapped [mounts[0]]'
        [destination: '/a', type: 'bind', source: '/b', options: ['ridmap']]  || 'an idmapped mount needs mappings [mounts[0].options]; hint: give it `uidMappings` and `gidMappings`, or a user namespace with mappings to the container'
    }

    def "taken: #mount"() {
        when:
        compile([mounts: [mount], linux: [namespaces: USER, uidMappings: MAP, gidMappings: MAP]])

        then:
        noExceptionThrown()

        where:
        mount << [
                [destination: '/proc', type: 'proc'],
                [destination: '/proc', type: 'bind', source: '/proc'], // that it is procfs, the init finds out
                [destination: '/proc', type: 'none', source: '/proc', options: ['rbind']],
                [destination: '/sys', type: 'sysfs'],
                [destination: '/a', type: 'tmpfs', options: ['tmpcopyup', 'size=1']],
                [destination: '/a', type: 'bind', source: '/b', options: ['idmap']],
                [destination: '/a', type: 'bind', source: '/b', uidMappings: MAP, gidMappings: MAP],
        ]
    }

    def "mapping ids of a mount needs root"() {
        when:
        compile([mounts: [[destination: '/a', type: 'bind', source: '/b', uidMappings: MAP, gidMappings: MAP]]], Hosts.ROOTLESS)

        then:
        def e = thrown(ConfigException)
        e.line() == 'mapping the ids of a mount needs root [mounts[0]]'
    }

    def "a label for mounts needs SELinux"() {
        when:
        compile([linux: [mountLabel: 'system_u:object_r:container_file_t:s0']])

        then:
        def e = thrown(ConfigException)
        e.line() == 'SELinux is not enabled on this machine [linux.mountLabel]'
    }

    def "where SELinux is, all but the kernel's own file systems get the label"() {
        when:
        def plan = compile([linux: [mountLabel: 'u:r:t:s0', namespaces: [[type: 'mount']]], mounts: [
                [destination: '/proc', type: 'proc'], [destination: '/tmp', type: 'tmpfs', options: ['size=1']]]], Hosts.LABELLING)

        then:
        plan.steps()*.step().findAll { it instanceof MountStep.Mount }*.options()*.data() == [[], ['size=1', 'context=u:r:t:s0']]
    }

    def "what has no meaning without a mount namespace is told"() {
        expect:
        compile([linux: [:], root: [path: 'r', readonly: true], mounts: [[destination: '/a', type: 'tmpfs']]]).warnings()*.line() == [
                'without a mount namespace of its own the container has no mounts but the host\'s [mounts]',
                'without a mount namespace of its own the root stays writable [root.readonly]']
    }

    private static LaunchPlan compile(Map change, Host host = Hosts.HYBRID) {
        def config = Configs.of([ociVersion: '1.3.0', root: [path: 'rootfs'], linux: [namespaces: [[type: 'mount']]]] + change)
        Scenarios.plan(config, host)
    }
}
