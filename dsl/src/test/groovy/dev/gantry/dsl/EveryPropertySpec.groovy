package dev.gantry.dsl

import dev.gantry.oci.OciConfig
import java.lang.reflect.ParameterizedType
import java.lang.reflect.RecordComponent
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir

/** Every property of the specification that is about Linux has a word: no definition here says `raw`. */
class EveryPropertySpec extends Specification {
    /** Properties without a word, and why. The records have exactly the schema's properties. */
    static final WITHOUT = [
            'process.commandLine'  : 'for Windows only',
            'process.user.username': 'for Windows only',
            'vm'                   : 'for runtimes of virtual machines only',
    ]

    static final DEFINITIONS = ["""
        ociVersion '1.2.0'
        rootfs dir('files'), readonly: false
        hostname 'a'
        domainname 'example.org'
        annotations 'org.example.a': 'b'
        sysctl 'net.core.somaxconn': 512
        cgroupsPath '/ci/a'
        maskedPaths '/proc/kcore'
        readonlyPaths '/proc/sys'
        device '/dev/fuse', type: 'c', major: 10, minor: 229, fileMode: 0666, uid: 1, gid: 2
        netDevice 'eth1', name: 'eth0'
        rootfsPropagation 'rslave'
        mountLabel 'system_u:object_r:container_file_t:s0'
        intelRdt closID: 'batch', schemata: ['L3:0=f'], l3CacheSchema: 'L3:0=f', memBwSchema: 'MB:0=50',
            enableMonitoring: true
        memoryPolicy mode: 'MPOL_BIND', nodes: '0', flags: ['MPOL_F_STATIC_NODES']
        personality domain: 'LINUX32', flags: ['ADDR_NO_RANDOMIZE']
        timeOffsets monotonic: [secs: 5, nanosecs: 6], boottime: [secs: 7, nanosecs: 8]
        process {
            args 'sh'
            env A: 'b'
            cwd '/src'
            terminal true
            consoleSize height: 24, width: 80
            user uid: 1, gid: 2, groups: [3], umask: 022
            capabilities {
                bounding 'KILL'; effective 'KILL'; permitted 'KILL'; inheritable 'KILL'; ambient 'KILL'
            }
            rlimit 'NOFILE', soft: 1, hard: 2
            noNewPrivileges true
            apparmorProfile 'x'
            oomScoreAdj 5
            selinuxLabel 'system_u:system_r:container_t:s0'
            ioPriority class: 'IOPRIO_CLASS_BE', priority: 4
            execCPUAffinity initial: '0', final: '0-1'
        }
        mounts {
            mount type: 'bind', source: '/a', to: '/b', options: ['bind', 'idmap'],
                uidMappings: [[containerID: 0, hostID: 1, size: 1]], gidMappings: [[containerID: 0, hostID: 1, size: 1]]
        }
        namespaces {
            time 'new'
            ipc '/proc/1/ns/ipc'
            user {
                uidMapping containerID: 0, hostID: 100000, size: 65536
                gidMapping containerID: 0, hostID: 100000, size: 65536
            }
        }
        resources {
            deviceRule allow: true, type: 'c', major: 10, minor: 229, access: 'rwm'
            memory 64.MiB; memorySwap 128.MiB; memoryReservation 32.MiB
            memory kernel: 1.MiB, kernelTCP: 1.MiB, swappiness: 5
            memory disableOOMKiller: false, useHierarchy: true, checkBeforeUpdate: true
            cpuShares 512; cpuset '0', mems: '0'
            cpu quota: 50000, period: 100000, burst: 1000, idle: 0, realtimeRuntime: 1000, realtimePeriod: 100000
            pids 5
            blockIO weight: 100, leafWeight: 50, weightDevice: [[major: 8, minor: 0, weight: 50, leafWeight: 20]],
                throttleReadBpsDevice: [[major: 8, minor: 0, rate: 10.MiB]],
                throttleWriteBpsDevice: [[major: 8, minor: 0, rate: 1]],
                throttleReadIOPSDevice: [[major: 8, minor: 0, rate: 1]],
                throttleWriteIOPSDevice: [[major: 8, minor: 0, rate: 1]]
            hugepageLimit '2MB', 64.MiB
            network classID: 1, priorities: [[name: 'eth0', priority: 5]]
            rdma 'mlx5_1', hcaHandles: 3, hcaObjects: 4
            unified 'memory.high': '200M'
        }
        seccomp {
            defaultAction 'ERRNO', errnoRet: 38
            architectures 'SCMP_ARCH_X86_64'
            flags 'SECCOMP_FILTER_FLAG_LOG'
            listener '/run/agent.sock', metadata: 'x'
            syscall 'mkdir', action: 'NOTIFY'
            syscall 'read', action: 'ERRNO', errnoRet: 1,
                args: [[index: 0, value: 1, valueTwo: 2, op: 'SCMP_CMP_MASKED_EQ']]
        }
        hooks {
            prestart '/bin/a', 'b', env: [C: 'd'], timeout: 5.s
            createRuntime '/bin/a', 'b', env: [C: 'd'], timeout: 5
            createContainer '/bin/a', 'b', env: [C: 'd'], timeout: 5
            startContainer '/bin/a', 'b', env: [C: 'd'], timeout: 5
            poststart '/bin/a', 'b', env: [C: 'd'], timeout: 5
            poststop '/bin/a', 'b', env: [C: 'd'], timeout: 5
        }
        """, """
        process {
            scheduler policy: 'SCHED_DEADLINE', runtime: 100000, deadline: 200000, period: 300000,
                flags: ['SCHED_FLAG_RESET_ON_FORK']
        }
        """, """
        process { scheduler policy: 'SCHED_FIFO', priority: 5 }
        """, """
        process { scheduler policy: 'SCHED_OTHER', nice: 5 }
        """]

    @TempDir
    Path dir

    def "every property has a word, or a reason not to have one"() {
        given:
        def all = new TreeSet<String>()
        paths(OciConfig, '', all)
        def said = new TreeSet<String>()
        DEFINITIONS.each { values(new Scripts(dir).container(it).config(), '', said) }

        expect:
        all.size() > 140
        all.findAll { path ->
            !(path in said) && WITHOUT.keySet().every { path != it && !path.startsWith(it + '.') }
        } == [] as Set
        WITHOUT.keySet().every { it in all && !(it in said) }
    }

    /** Collects the paths of a record's type. */
    private static void paths(Class<?> type, String prefix, Set<String> into) {
        type.recordComponents.each { component ->
            def path = prefix + component.name
            into << path
            def inner = record(component)
            if (inner != null) {
                paths(inner, path + '.', into)
            }
        }
    }

    /** Returns the record that a component is, or holds in a list or a map; null if none. */
    private static Class<?> record(RecordComponent component) {
        def types = [component.type]
        if (component.genericType instanceof ParameterizedType) {
            types += component.genericType.actualTypeArguments.toList()
        }
        types.find { it instanceof Class && it.record }
    }

    /** Collects the paths at which a record says something. */
    private static void values(Object record, String prefix, Set<String> into) {
        record.class.recordComponents.each { component ->
            def value = component.accessor.invoke(record)
            def path = prefix + component.name
            def parts = value instanceof Map ? value.values() : value instanceof Collection ? value : [value]
            if (value != null && !(value instanceof Collection && value.empty) &&
                    !(value instanceof Map && value.isEmpty())) {
                into << path
                parts.findAll { it?.class?.record }.each { values(it, path + '.', into) }
            }
        }
    }
}
