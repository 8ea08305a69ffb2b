package dev.gantry.dsl

import dev.gantry.error.SourceMap
import java.nio.file.Path
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir

/** Which line of a script asked for what. */
class SourceMapSpec extends Specification {
    static final TEXT = '''\
        container('box') {
            rootfs empty()
            hostname 'box'
            process {
                args 'sh',
                     '-c', 'true'
                env A: '1'
                user uid: 1
                capabilities { drop 'ALL' }
                rlimit 'CORE',
                       soft: 0, hard: 0
            }
            mounts {
                ['/a', '/b'].each {
                    tmpfs it
                }
                tmpfs '/dev/shm'
            }
            namespaces {
                network '/run/netns/blue'
                user {
                    uidMapping containerID: 0, hostID: 1, size: 1
                }
            }
            resources {
                memory 1.GiB
                cpus 1
            }
            annotations 'a.b': 'c'
        }
    '''

    @Shared
    @TempDir
    Path dir

    @Shared
    Map<String, SourceMap> modes

    def setupSpec() {
        modes = ['//', '// @dynamic'].collectEntries {
            [(it): new Scripts(dir).definitions("$it\n$TEXT")['box'].sources()]
        }
    }

    def "the line of #path is #line, in both modes"() {
        expect:
        modes.values()*.find(path)*.map { it.line() - 1 }*.orElse(0) == [line, line]

        where:
        path                            || line
        'root.path'                     || 2
        'hostname'                      || 3
        'process.args'                  || 5
        'process.env[1]'                || 7
        'process.user.uid'              || 8
        'process.capabilities.bounding' || 9
        'process.rlimits[1]'            || 10
        'process.rlimits[0]'            || 0
        'process.cwd'                   || 0
        'mounts[0]'                     || 0
        'mounts[3]'                     || 17
        'mounts[7].source'              || 15
        'mounts[8]'                     || 15
        'linux.namespaces[1]'           || 20
        'linux.uidMappings'             || 22
        'linux.uidMappings[0].hostID'   || 22
        'linux.resources.memory.limit'  || 26
        'linux.resources.cpu.quota'     || 27
        'annotations.a.b'               || 29
    }

    def "a script is named as the user named it"() {
        given:
        def file = Path.of(System.getProperty('user.dir')).relativize(new Scripts(dir).file(TEXT))

        expect:
        ScriptRunner.definitions(file, [])['box'].sources().find('hostname').get().toString() == "$file:3"
    }
}
