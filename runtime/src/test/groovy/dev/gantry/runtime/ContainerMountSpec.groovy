package dev.gantry.runtime

import dev.gantry.proc.MountInfo
import spock.lang.Specification

class ContainerMountSpec extends Specification {
    def "a line of mountinfo is understood: #line"() {
        expect:
        ContainerMount.of(MountInfo.parse([line])[0]) == new ContainerMount(target, type, source, options)

        where:
        line                                                              || target    | type    | source | options
        '36 35 98:0 / /mnt rw,noatime master:1 - ext3 /dev/root rw,e=x'   || '/mnt'    | 'ext3'  | '/dev/root' | ['rw', 'noatime', 'e=x']
        '36 35 98:0 / /a\\040b rw - tmpfs t\\134 rw'                      || '/a b'    | 'tmpfs' | 't\\'  | ['rw']
        '36 35 98:0 / /p ro shared:1 master:2 - proc proc rw'             || '/p'      | 'proc'  | 'proc' | ['ro', 'rw']
    }
}
