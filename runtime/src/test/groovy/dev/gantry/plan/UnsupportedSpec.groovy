package dev.gantry.plan

import dev.gantry.plan.compile.ExecCompiler
import dev.gantry.error.SourceMap
import dev.gantry.error.ConfigException
import dev.gantry.oci.Configs
import spock.lang.Specification

/** What a config asks for and Gantry does not support is refused before anything starts. */
class UnsupportedSpec extends Specification {
    def "refused: #change"() {
        when:
        compile(change)

        then:
        def e = thrown(ConfigException)
        e.line() == line

        where:
        change                                                        || line
        [vm: [kernel: [path: '/k']]]                                  || '`vm` is not supported yet [vm]'
        [annotations: ['dev.gantry.rootfs': 'hots']] ||
            '`dev.gantry.rootfs` must be `host`, `empty` or `image` [annotations]'
        [annotations: ['dev.gantry.rootfs': 'image']] ||
            '`dev.gantry.layers` must have absolute paths, without `,` and `\\` [annotations]'
        [annotations: ['dev.gantry.rootfs': 'image', 'dev.gantry.layers': '/a:b']] ||
            '`dev.gantry.layers` must have absolute paths, without `,` and `\\` [annotations]'
        [linux: [namespaces: [[type: 'mount', path: '/proc/7/ns/mnt']]],
            hooks: [createContainer: [[path: '/opt/hook']]]] ||
                "in a mount namespace that is joined, others may have put another program at the hook's path " +
                "[hooks.createContainer]; hint: run it as a createRuntime or startContainer hook"
    }

    def "a rootfs that is made for the container needs its maker's ids: #kind, #property"() {
        given:
        def mapped = [[containerID: 0, hostID: 0, size: 1], [containerID: 1, hostID: 100001, size: 9]]
        def ids = [uidMappings: mapped, gidMappings: mapped]

        when:
        compile([annotations: ['dev.gantry.rootfs': kind], linux: [namespaces: [[type: 'mount'], [type: 'user']]] +
            ids])

        then:
        noExceptionThrown()

        when:
        ids[property] = [[containerID: 0, hostID: 100000, size: 10]]
        compile([annotations: ['dev.gantry.rootfs': kind], linux: [namespaces: [[type: 'mount'], [type: 'user']]] +
            ids])

        then:
        def e = thrown(ConfigException)
        e.line() == "the rootfs is made by 0 of the host, which is not mapped [linux.$property]; " +
            "hint: map it, or let the rootfs be a directory"

        where:
        [kind, property] << [['host', 'empty'], ['uidMappings', 'gidMappings']].combinations()
    }

    def "a label that no security module would understand is refused, for the first process and for others: #name"() {
        given:
        def process = Configs.process([args: ['sh'], cwd: '/', (name): value])

        when:
        compile([process: [args: ['sh'], cwd: '/', (name): value]])

        then:
        def e = thrown(ConfigException)
        e.line() == "$module is not enabled on this machine [process.$name]"

        when:
        ExecCompiler.compile(Configs.of([:]), process, [], SourceMap.NONE, Hosts.HYBRID, Scenarios.OPTIONS)

        then:
        def other = thrown(ConfigException)
        other.line() == e.line()

        where:
        name              | value                              | module
        'apparmorProfile' | 'box'                              | 'AppArmor'
        'selinuxLabel'    | 'system_u:system_r:container_t:s0' | 'SELinux'
    }

    def "refused in linux: #change"() {
        when:
        compile([linux: change])

        then:
        def e = thrown(ConfigException)
        e.line() == line

        where:
        change                                                       || line
        [netDevices: [eth0: [:]], namespaces: [[type: 'network']]]   ||
            '`netDevices` is not supported yet [linux.netDevices]'
        [personality: [domain: 'LINUX', flags: ['SHORT_INODE']]]     ||
            'no flag of a personality is known to the specification [linux.personality.flags]'
        [intelRdt: [closID: 'x']]                                    ||
            'Intel RDT is not supported: Gantry drives no resctrl file system [linux.intelRdt]'
        [cgroupsPath: 'system.slice:gantry:box']                     ||
            '`system.slice:gantry:box` is a path for systemd, ' +
                'which is not asked to make cgroups [linux.cgroupsPath]; hint: give --systemd-cgroup'
        [maskedPaths: ['/proc/kcore']]                               ||
            '`maskedPaths` needs a mount namespace [linux.maskedPaths]; hint: list `mount` in linux.namespaces'
        [readonlyPaths: ['/proc/sys']]                               ||
            '`readonlyPaths` needs a mount namespace [linux.readonlyPaths]; hint: list `mount` in linux.namespaces'
        [resources: [unified: ['memory.high': '1']]]                 ||
            'invalid configuration: needs cgroup v2 [linux.resources.unified]'
        [resources: [hugepageLimits: [[pageSize: '2MB', limit: 1]]]] ||
            'the cgroup controller `hugetlb` is not available here [linux.resources.hugepageLimits]'
        [resources: [network: [classID: 1]]]                         ||
            'the cgroup controller `net_cls` is not available here [linux.resources.network.classID]'
        [resources: [rdma: [mlx5_1: [hcaHandles: 1]]]]               ||
            'the cgroup controller `rdma` is not available here [linux.resources.rdma]'
    }

    def "what makes no sense and what is not supported is told in one go"() {
        when:
        compile([ociVersion: '2.0', linux: [mountLabel: 'x']])

        then:
        def e = thrown(ConfigException)
        e.problems()*.ociPath() == ['ociVersion', 'linux.mountLabel']
    }

    def "what is there but empty is not refused"() {
        when:
        compile([hooks: [poststop: []], mounts: [], linux: [netDevices: [:], maskedPaths: [],
            resources: [hugepageLimits: [], rdma: [:], unified: [:], cpu: [:], memory: [:]]]])

        then:
        noExceptionThrown()
    }

    private static LaunchPlan compile(Map change) {
        def config = Configs.of([ociVersion: '1.3.0', root: [path: 'rootfs']] + change)
        Scenarios.plan(config, Hosts.HYBRID)
    }
}
