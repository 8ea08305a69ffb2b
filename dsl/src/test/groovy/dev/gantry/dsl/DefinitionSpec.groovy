package dev.gantry.dsl

import dev.gantry.oci.IdMapping
import dev.gantry.oci.Mount
import dev.gantry.oci.Namespace
import dev.gantry.oci.NamespaceType
import dev.gantry.oci.OciConfig
import dev.gantry.oci.OciDefaults
import dev.gantry.oci.Rlimit
import dev.gantry.oci.rules.OciValidator
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir

/** What definitions become: the config of the OCI runtime specification. */
class DefinitionSpec extends Specification {
    @TempDir
    Path dir

    OciConfig config(String body) {
        new Scripts(dir).container(body).config()
    }

    def "without a word, a container is a writable view of the machine that waits"() {
        when:
        def config = config('')

        then:
        config.annotations() == ['dev.gantry.rootfs': 'host', 'dev.gantry.init': 'idle']
        !config.root().isReadonly()
        config.hostname() == 'box'
        config.process().args() == ['gantry-idle']
        config.process().cwd() == '/'
        config.process().env() == ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin']
        !config.process().isTerminal()
        config.process().isNoNewPrivileges()
        config.linux().namespaces()*.type() as Set == NamespaceType.values() as Set - NamespaceType.USER -
            NamespaceType.TIME
        config.linux().namespaces()*.path().every { it == null }
        config.mounts() == OciDefaults.spec().mounts()
        config.linux().maskedPaths() == OciDefaults.spec().linux().maskedPaths()
    }

    def "without a word, a process has the capabilities of Docker"() {
        given:
        def docker =
            ('CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE NET_RAW SYS_CHROOT ' +
                'MKNOD AUDIT_WRITE SETFCAP').split(' ').collect { "CAP_$it".toString() } as Set

        when:
        def capabilities = config('').process().capabilities()

        then:
        capabilities.bounding() as Set == docker
        capabilities.effective() as Set == docker
        capabilities.permitted() as Set == docker
        capabilities.inheritable().empty
        capabilities.ambient().empty
    }

    def "the definition of the design says what it reads like"() {
        when:
        def config = new Scripts(dir).definitions(Scripts.DESIGN)['box'].config()

        then:
        config.process().args() == ['sleep', 'infinity']
        config.process().env() == ['PATH=/usr/bin:/bin', 'CI=true']
        config.process().cwd() == '/src'
        config.process().user().uid() == 1000
        config.process().user().gid() == 1000
        config.process().capabilities().bounding() == ['CAP_NET_BIND_SERVICE']
        config.process().rlimits() == [new Rlimit('RLIMIT_NOFILE', 2048, 1024)]
        config.mounts().takeRight(2) == [
                mount('/src', 'bind', dir.toString(), 'rbind', 'rro'),
                mount('/tmp', 'tmpfs', 'tmpfs', 'nosuid', 'nodev', 'size=67108864'),
        ]
        config.linux().resources().memory().limit() == 256L * 1024 * 1024
        config.linux().resources().cpu().quota() == 150_000
        config.linux().resources().cpu().period() == 100_000
        config.linux().resources().pids().limit() == 128
        config.annotations() == ['org.example.team': 'ci', 'dev.gantry.rootfs': 'host']
    }

    def "a rootfs is what it says: #body"() {
        when:
        def config = config(body)

        then:
        config.annotations()['dev.gantry.rootfs'] == annotation
        config.root().path() == path.replace('$dir', dir.toString()).replace('$parent', dir.parent.toString())
        config.root().isReadonly() == readonly

        where:
        body                                    || annotation | path          | readonly
        'rootfs host()'                         || 'host'     | 'rootfs'      | false
        'rootfs host(), readonly: true'         || 'host'     | 'rootfs'      | true
        'rootfs empty()'                        || 'empty'    | 'rootfs'      | false
        "rootfs dir('alpine')"                  || null       | '$dir/alpine' | true
        "rootfs dir('../up'), readonly: false"  || null       | '$parent/up'  | false
        "rootfs dir('/srv/alpine')"             || null       | '/srv/alpine' | true
    }

    def "mounts are what they say: #statement"() {
        expect:
        config("mounts { $statement }").mounts().last() == mount

        where:
        statement                                                       || mount
        "bind '/a', to: '/b'"                                           || mount('/b', 'bind', '/a', 'rbind')
        "bind '/a', to: '/b', recursive: false"                         || mount('/b', 'bind', '/a', 'bind')
        "bind '/a', to: '/b', recursive: false, readonly: true"         || mount('/b', 'bind', '/a', 'bind', 'ro')
        "bind '/a', to: '/b', options: 'nosuid'"                        || mount('/b', 'bind', '/a', 'rbind', 'nosuid')
        "tmpfs '/t'"                                                    ||
            mount('/t', 'tmpfs', 'tmpfs', 'nosuid', 'nodev')
        "tmpfs '/t', size: '64m', mode: 01777"                          ||
            mount('/t', 'tmpfs', 'tmpfs', 'nosuid', 'nodev', 'mode=1777', 'size=67108864')
        "tmpfs '/t', size: 4096, options: ['noexec']"                   ||
            mount('/t', 'tmpfs', 'tmpfs', 'nosuid', 'nodev', 'size=4096', 'noexec')
        "mount type: 'mqueue', to: '/q'"                                || mount('/q', 'mqueue', 'mqueue')
        "mount type: 'overlay', source: 'x', to: '/o', options: ['ro']" || mount('/o', 'overlay', 'x', 'ro')
    }

    def "a mount at the place of a usual one replaces it there"() {
        given:
        def usual = OciDefaults.spec().mounts()

        when:
        def mounts = config("mounts { tmpfs '/dev/shm', size: 1.GiB }").mounts()

        then:
        mounts*.destination() == usual*.destination()
        mounts.find { it.destination() == '/dev/shm' }.options() == ['nosuid', 'nodev', 'size=1073741824']
    }

    def "a namespace is new, shared or joined: #statement"() {
        expect:
        config("namespaces { $statement }").linux().namespace(type).orElse(null) == namespace

        where:
        statement                   | type                  || namespace
        "network 'none'"            | NamespaceType.NETWORK || Namespace.of(NamespaceType.NETWORK)
        "network 'new'"             | NamespaceType.NETWORK || Namespace.of(NamespaceType.NETWORK)
        "network 'host'"            | NamespaceType.NETWORK || null
        "network '/run/netns/blue'" | NamespaceType.NETWORK || new Namespace(NamespaceType.NETWORK, '/run/netns/blue')
        "pid 'host'"                | NamespaceType.PID     || null
        "ipc '/proc/7/ns/ipc'"      | NamespaceType.IPC     || new Namespace(NamespaceType.IPC, '/proc/7/ns/ipc')
        "cgroup 'host'"             | NamespaceType.CGROUP  || null
        "time 'new'"                | NamespaceType.TIME    || Namespace.of(NamespaceType.TIME)
        "user '/proc/7/ns/user'"    | NamespaceType.USER    || new Namespace(NamespaceType.USER, '/proc/7/ns/user')
    }

    def "a user namespace comes with its mappings"() {
        when:
        def linux = config('''
            namespaces {
                user {
                    uidMapping containerID: 0, hostID: 100000, size: 65536
                    gidMapping containerID: 0, hostID: 200000, size: 65536
                }
            }
        ''').linux()

        then:
        linux.namespace(NamespaceType.USER).present
        linux.uidMappings() == [new IdMapping(0, 100000, 65536)]
        linux.gidMappings() == [new IdMapping(0, 200000, 65536)]
    }

    def "a container that shares or joins a uts namespace leaves the hostname alone: #choice"() {
        expect:
        config("namespaces { uts '$choice' }").hostname() == null

        where:
        choice << ['host', '/proc/7/ns/uts']
    }

    def "capabilities: #statements"() {
        when:
        def capabilities = config("process { capabilities { $statements } }").process().capabilities()

        then:
        capabilities.bounding().containsAll(has)
        capabilities.bounding().disjoint(lacks)
        capabilities.effective() == capabilities.bounding()

        where:
        statements                          || has                                      | lacks
        "drop 'CHOWN'"                      || ['CAP_KILL']                             | ['CAP_CHOWN']
        "drop 'cap_chown', 'CAP_KILL'"      || ['CAP_SETUID']                           | ['CAP_CHOWN', 'CAP_KILL']
        "add 'SYS_ADMIN'"                   || ['CAP_SYS_ADMIN', 'CAP_CHOWN']           | ['CAP_BPF']
        "drop 'ALL'"                        || []                                       | ['CAP_CHOWN', 'CAP_KILL']
        "add 'bpf'; drop 'ALL'"             || ['CAP_BPF']                              | ['CAP_CHOWN']
        "add 'ALL'; drop 'SYS_MODULE'"      || ['CAP_BPF', 'CAP_CHECKPOINT_RESTORE']    | ['CAP_SYS_MODULE']
    }

    def "what is added outlives the change to a user that is not root"() {
        when:
        def capabilities = config("process { user uid: 1; capabilities { add 'BPF' } }").process().capabilities()

        then:
        capabilities.ambient() == ['CAP_BPF']
        capabilities.inheritable() == ['CAP_BPF']
    }

    def "process settings: #statement"() {
        expect:
        new GroovyShell(new Binding(process: config("process { $statement }").process()))
            .evaluate("process.$property") == value

        where:
        statement                                       | property               || value
        "args(['sh', '-c', 'true'])"                    | 'args()'               || ['sh', '-c', 'true']
        'def n = 1; args "a$n", \'b\''                  | 'args()'               || ['a1', 'b']
        "env PATH: null, N: 1"                          | 'env()'                || ['N=1']
        'def k = "K"; env(["$k": "v$k"])'               | 'env()[1]'             || 'K=vK'
        "user uid: 1, gid: 2, groups: [3, 4]"           | 'user().additionalGids()' || [3, 4]
        "user uid: 1, umask: 027"                       | 'user().umask()'       || 027
        "rlimit 'CORE', soft: 0, hard: 'unlimited'"     | 'rlimits()[1]'         || new Rlimit('RLIMIT_CORE', -1, 0)
        "rlimit 'RLIMIT_NOFILE', soft: 1, hard: 1"      | 'rlimits()'            || [new Rlimit('RLIMIT_NOFILE', 1, 1)]
        "noNewPrivileges false"                         | 'isNoNewPrivileges()'  || false
        "terminal true"                                 | 'env()[1]'             || 'TERM=xterm'
        "oomScoreAdj(-500)"                             | 'oomScoreAdj()'        || -500
    }

    def "resources: #statement"() {
        expect:
        new GroovyShell(new Binding(r: config("resources { $statement }").linux().resources()))
            .evaluate("r.$property") == value

        where:
        statement                              | property                || value
        "memory '256m'"                        | 'memory().limit()'      || 268435456
        "memory 1024"                          | 'memory().limit()'      || 1024
        "memory 1.GiB; memorySwap 'unlimited'" | 'memory().swap()'       || -1
        "memoryReservation 1.5.GiB"            | 'memory().reservation()' || 1610612736
        "cpus 2"                               | 'cpu().quota()'         || 200_000
        "cpus 0.333"                           | 'cpu().quota()'         || 33_300
        "cpuShares 512"                        | 'cpu().shares()'        || 512
        "cpuset '0-1'"                         | 'cpu().cpus()'          || '0-1'
        "cpuset '0', mems: '1'"                | 'cpu().mems()'          || '1'
        "unified 'memory.high': '200M'"        | 'unified()'             || ['memory.high': '200M']
    }

    def "lists of paths replace the usual ones, also by none"() {
        when:
        def linux = config("maskedPaths '/proc/kcore'; readonlyPaths()").linux()

        then:
        linux.maskedPaths() == ['/proc/kcore']
        linux.readonlyPaths() == []
    }

    def "ordinary Groovy works inside of a definition, in both modes"() {
        when:
        def config = new Scripts(dir).definitions("""$directive
            def dirs = ['/a', '/b']
            def common = 'x'
            container("box-\${dirs.size()}") {
                mounts { dirs.each { bind it, to: "/mnt\$it" } }
                if (dirs.size() > 1) {
                    process { args 'echo', *dirs; env(dirs.collectEntries { [(it.substring(1)): common] }) }
                }
            }
        """)['box-2'].config()

        then:
        config.mounts().takeRight(2)*.destination() == ['/mnt/a', '/mnt/b']
        config.process().args() == ['echo', '/a', '/b']
        config.process().env().takeRight(2) == ['a=x', 'b=x']

        where:
        directive << ['//', '// @dynamic']
    }

    def "every definition is valid for the specification: #body"() {
        expect:
        OciValidator.validate(config(body)).all() == []

        where:
        body << ['', 'rootfs empty()', "process { terminal true; user uid: 1 }",
            "namespaces { network 'host'; pid 'host' }"]
    }

    private static Mount mount(String destination, String type, String source, String... options) {
        Mount.builder().destination(destination).type(type).source(source).options(options as List).build()
    }
}
