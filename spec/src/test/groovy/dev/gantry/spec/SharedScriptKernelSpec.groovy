package dev.gantry.spec

import dev.gantry.spec.support.ScriptSpecification
import dev.gantry.spock.RequiresKernel
import java.util.concurrent.TimeUnit
import spock.lang.Timeout

/** Scripts whose containers have ids of their own and share other namespaces, in pods and with the host. */
@RequiresKernel
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SharedScriptKernelSpec extends ScriptSpecification {
    private static final String IDS = 'user { uidMapping containerID: 0, hostID: 0, size: 1000; ' +
        'gidMapping containerID: 0, hostID: 0, size: 1000 }'

    def "a container with ids of its own is one of a pod that shares #shared"() {
        when:
        def outcome = script("""
            import dev.gantry.dsl.live.LiveContainer

            def web = pod('web') {
                share $shared
                container('plain') { mounts { } }
                container('own') { namespaces { $IDS } }
            }
            web.start()
            String said(LiveContainer box) {
                box.exec('sh', '-c',
                    'ls /sys/class/net; stat -f -c %T /proc /sys /dev/mqueue; readlink /proc/self/ns/net').text
            }
            println said(web['own']) == said(web['plain'])
            println said(web['own']).readLines()[0..3]
            println web['own'].exec('cat', '/proc/self/uid_map').text.split()
            """.stripIndent())

        then:
        outcome.err == ''
        outcome.out == 'true\n[lo, proc, sysfs, mqueue]\n[0, 0, 1000]\n'

        where:
        shared << ["'network', 'ipc', 'uts'", "'network', 'pid'", "'network', 'ipc', 'uts', 'pid'"]
    }

    def "a container with ids of its own shares the host's #kind"() {
        when:
        def outcome = script("""
            def box = container('box') { namespaces { $kind 'host'; $IDS } }
            box.start()
            def hosts = java.nio.file.Files.readSymbolicLink(java.nio.file.Path.of('/proc/self/ns/$file'))
            println box.exec('readlink', '/proc/self/ns/$file').text.trim() == hosts.toString()
            println box.exec('stat', '-f', '-c', '%T', '/proc', '/sys', '/dev/mqueue').lines
            """.stripIndent())

        then:
        outcome.err == ''
        outcome.out == 'true\n[proc, sysfs, mqueue]\n'

        where:
        kind      | file
        'network' | 'net'
        'ipc'     | 'ipc'
        'pid'     | 'pid'
        'uts'     | 'uts'
        'cgroup'  | 'cgroup'
    }
}
