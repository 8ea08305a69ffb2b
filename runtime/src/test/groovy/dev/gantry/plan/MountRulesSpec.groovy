package dev.gantry.plan

import dev.gantry.error.ConfigException
import dev.gantry.oci.Configs
import spock.lang.Specification

/** Mounts of a config become steps, by their type, options and the host. */
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
        mount                                                      || line
        [destination: '/proc', type: 'tmpfs']                      || 'only proc may be mounted on `/proc` [mounts[0]]'
        [destination: '/x/../proc/', type: 'tmpfs']                || 'only proc may be mounted on `/proc` [mounts[0]]'
        [destination: '/sys', type: 'proc']                        || 'only sysfs may be mounted on `/sys` [mounts[0]]'
        [destination: '/a', type: 'bind']                          || 'a bind mount needs a `source` [mounts[0].source]'
        [destination: '/a', type: 'bind', source: '']              || 'a bind mount needs a `source` [mounts[0].source]'
        [destination: '/a', source: '/b', options: ['bind', 'size=1', 'x']] ||
            'a bind mount takes no option `size=1` for a file system [mounts[0].options]'
        [destination: '/a', type: 'ramfs', options: ['tmpcopyup']] ||
            'only a tmpfs can begin as a copy: `tmpcopyup` [mounts[0].options]'
        [destination: '/a', type: 'tmpfs', source: '/b', options: ['rbind', 'tmpcopyup']] ||
            'only a tmpfs can begin as a copy: `tmpcopyup` [mounts[0].options]'
        [destination: '/a', type: 'tmpfs', options: ['idmap']]     ||
            'only the ids of a bind mount can be mapped [mounts[0]]'
        [destination: '/a', type: 'tmpfs', uidMappings: MAP, gidMappings: MAP] ||
            'only the ids of a bind mount can be mapped [mounts[0]]'
        [destination: '/a', type: 'bind', source: '/b', options: ['ridmap']] ||
            'an idmapped mount needs mappings [mounts[0].options]; ' +
                'hint: give it `uidMappings` and `gidMappings`, or a user namespace with mappings to the container'
    }

    def "refused in an `idmap` that says mappings: #option"() {
        given:
        def linux = [namespaces: USER, uidMappings: MAP, gidMappings: MAP]

        when:
        compile([mounts: [[destination: '/a', type: 'bind', source: '/b', options: [option]]], linux: linux])

        then:
        def e = thrown(ConfigException)
        e.line() == line

        where:
        option                      || line
        'idmap=x=1'                 || '`idmap` takes `uids=` and `gids=`, not `x=1` [mounts[0].options]'
        'idmap=uids=0-0-1;'         || '`idmap` takes `uids=` and `gids=`, not `` [mounts[0].options]'
        'idmap=uids=0-1'            ||
            '`uids=0-1`: `0-1` is no range of ids [mounts[0].options]; hint: write `first-shown-count`'
        'idmap=uids=0-1-1#'         ||
            '`uids=0-1-1#`: `` is no range of ids [mounts[0].options]; hint: write `first-shown-count`'
        'ridmap=gids=0--1-1'        ||
            '`gids=0--1-1`: `0--1-1` is no range of ids [mounts[0].options]; hint: write `first-shown-count`'
        'idmap=uids=@0-0-2'         ||
            '`uids=@0-0-2`: `@0-0-2`: the container has no id 1 by `linux.uidMappings` [mounts[0].options]; ' +
                'hint: give ids of the host, without `@`'
        'idmap=gids=0-4294967295-2' || 'the range goes beyond id 4294967295 [mounts[0].gidMappings[0]]'
        'idmap=gids=0-7-0'          || '`size` must be 1 or more [mounts[0].gidMappings[0].size]'
        'idmap=gids=@0-0-0'         || '`size` must be 1 or more [mounts[0].gidMappings[0].size]'
    }

    def "an `idmap` that says half needs mappings of the container's for the rest: #option"() {
        when:
        compile([mounts: [[destination: '/a', type: 'bind', source: '/b', options: [option]]],
            linux: [namespaces: [[type: 'mount']]]])

        then:
        def e = thrown(ConfigException)
        e.line() == line

        where:
        option              || line
        'idmap=uids=0-1-1'  ||
            '`idmap` says no `gids=`, and the config has no mappings of the container\'s [mounts[0].options]; ' +
                'hint: say both'
        'idmap=gids=0-1-1'  ||
            '`idmap` says no `uids=`, and the config has no mappings of the container\'s [mounts[0].options]; ' +
                'hint: say both'
        'idmap=uids=@0-1-1' ||
            '`uids=@0-1-1`: `@0-1-1`: the container has no id 1 by `linux.uidMappings` [mounts[0].options]; ' +
                'hint: give ids of the host, without `@`'
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
                [destination: '/a', type: 'bind', source: '/b', options: ['idmap=uids=0-7-1;gids=@0-0-1']],
                // which count
                [destination: '/a', type: 'bind', source: '/b', options: ['idmap=nonsense'], uidMappings: MAP,
                    gidMappings: MAP],
                [destination: '/a', type: 'bind', source: '/b', uidMappings: MAP, gidMappings: MAP],
        ]
    }

    def "mapping ids of a mount needs root"() {
        when:
        compile([mounts: [[destination: '/a', type: 'bind', source: '/b', uidMappings: MAP, gidMappings: MAP]]],
            Hosts.ROOTLESS)

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
                [destination: '/proc', type: 'proc'], [destination: '/tmp', type: 'tmpfs', options: ['size=1']]]],
                Hosts.LABELLING)

        then:
        plan.steps()*.step().findAll { it instanceof MountStep.Mount }*.options()*.data() ==
            [[], ['size=1', 'context=u:r:t:s0']]
    }

    def "a destination below the root's own host path counts from the root, with a warning: #destination"() {
        given:
        def plan = compile([root: [path: root], mounts: [[destination: destination, type: 'tmpfs']]])

        expect:
        plan.steps()*.step().findAll { it instanceof MountStep.Mount }*.target() == [target]
        plan.warnings()*.line() == warnings

        where:
        root         | destination         || target           | warnings
        '/srv/root'  | '/srv/root/data'    ||
            '/data'          | ['`/srv/root/data` is below the root on the host; ' +
                '`/data` in the container is meant [mounts[0].destination]']
        '/srv/root/' | '/srv/root/x/../y/' ||
            '/y'             | ['`/srv/root/x/../y/` is below the root on the host; ' +
                '`/y` in the container is meant [mounts[0].destination]']
        '/srv/root'  | '/srv/rootless'     || '/srv/rootless'  | []
        '/srv/root'  | '/data/srv/root'    || '/data/srv/root' | []
        '/'          | '/data'             || '/data'          | []
    }

    def "what belongs to /proc is judged by where it will be"() {
        when:
        compile([root: [path: '/srv/root'], mounts: [[destination: '/srv/root/proc', type: 'tmpfs']]])

        then:
        def e = thrown(ConfigException)
        e.line().startsWith('only proc may be mounted on `/proc` [mounts[0]]')
    }

    def "options of cgroup mounts: flags are taken, those of a file system are not, with a warning"() {
        given:
        def plan = compile([mounts: [
            [destination: '/sys/fs/cgroup', type: 'cgroup', options: ['rro', 'noatime', 'exec', 'rslave', 'nsdelegate']]
        ]])
        def binds = plan.steps()*.step().findAll { it instanceof MountStep.BindMount }

        expect:
        plan.warnings()*.line() ==
            ['cgroups are mounted as the machine has them, without `nsdelegate` [mounts[0].options]']
        binds && binds.every {
            it.options().isReadonly() && !(it.options().set() & MountOptions.NOEXEC) &&
                it.options().set() & MountOptions.NOATIME
                    && it.options().propagation() == Propagation.RSLAVE
        }
    }

    def "what has no meaning without a mount namespace is told"() {
        expect:
        compile([linux: [:], root: [path: 'r', readonly: true], mounts: [[destination: '/a', type: 'tmpfs']]])
                .warnings()*.line() == [
                'without a mount namespace of its own the container has no mounts but the host\'s [mounts]',
                'without a mount namespace of its own the root stays writable [root.readonly]']
    }

    private static LaunchPlan compile(Map change, Host host = Hosts.HYBRID) {
        def config = Configs.of([ociVersion: '1.3.0', root: [path: 'rootfs'], process: [cwd: '/', args: ['true']],
            linux: [namespaces: [[type: 'mount']]]] + change)
        Scenarios.plan(config, host)
    }
}
