package dev.gantry.proc

import spock.lang.Specification

/** Lines of mountinfo are read: optional fields, options and escaped names. */
class MountInfoSpec extends Specification {
    def "the fields of a line are found, whatever optional ones are between them: #line"() {
        expect:
        MountInfo.parse([line]) == [mount]

        where:
        line                            || mount
        '36 35 98:0 /in /mnt rw,noatime master:1 - ext3 /dev/root rw,e=x' ||
            new MountInfo('36', '35', '/in', '/mnt', 'rw,noatime', 'ext3', '/dev/root', 'rw,e=x')
        '36 35 98:0 / /p ro shared:1 master:2 unbindable - proc none rw' ||
            new MountInfo('36', '35', '/', '/p', 'ro', 'proc', 'none', 'rw')
        '36 35 98:0 / / rw - tmpfs  rw' || new MountInfo('36', '35', '/', '/', 'rw', 'tmpfs', '', 'rw')
    }

    def "all options of #line are #options"() {
        expect:
        MountInfo.parse([line])[0].allOptions() == options

        where:
        line                                                              || options
        '36 35 98:0 / /mnt rw,noatime master:1 - ext3 /dev/root rw,e=x'   || ['rw', 'noatime', 'e=x']
        '36 35 98:0 / /a\\040b rw - tmpfs t\\134 rw'                      || ['rw']
        '36 35 98:0 / /p ro shared:1 master:2 - proc proc rw'             || ['ro', 'rw']
    }

    def "what the kernel has escaped is read as it is: #field"() {
        expect:
        MountInfo.parse(["36 35 98:0 / $field rw - tmpfs $field rw".toString()])
            .collect { [it.point(), it.source()] } == [[text, text]]

        where:
        field                    || text
        '/a\\040b'               || '/a b'
        '\\134'                  || '\\'
        '/a\\011\\012b\\134040'  || '/a\t\nb\\040'
        '/x\udcff\\040'          || '/x\udcff '
    }
}
