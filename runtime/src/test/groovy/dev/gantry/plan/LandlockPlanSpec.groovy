package dev.gantry.plan

import dev.gantry.plan.compile.ExecCompiler
import dev.gantry.error.SourceMap
import dev.gantry.error.ConfigException
import dev.gantry.oci.OciDefaults
import spock.lang.Specification

/** What an annotation about Landlock becomes on kernels of each version, and what is refused. */
class LandlockPlanSpec extends Specification {
    private static final String READ = '{"paths":[{"path":"/usr","access":["read"]}]}'

    def "version #version forbids #handled by itself"() {
        expect:
        with(rules(READ, version)) {
            fs() == handled
            net() == 0
            scoped() == 0
            paths() == [new Landlock.PathRule('/usr', 0xc, 4)]
        }

        where:
        version || handled
        1       || 0x1fff
        2       || 0x3fff
        3       || 0x7fff
        4       || 0x7fff
        5       || 0xffff
        7       || 0xffff
    }

    def "`#word` is #directory beneath a directory and #file on a file, for version #version"() {
        expect:
        rules("{\"paths\":[{\"path\":\"/a\",\"access\":[\"$word\"]}]}", version).paths() ==
            [new Landlock.PathRule('/a', directory, file)]

        where:
        word                              | version || directory | file
        'read'                            | 7       || 0xc       | 0x4
        'exec'                            | 7       || 0xd       | 0x5
        'execute'                         | 7       || 0x1       | 0x1
        'write'                           | 1       || 0x17be    | 0x6
        'write'                           | 2       || 0x37be    | 0x6
        'write'                           | 7       || 0x77be    | 0x4006
        'ioctl_dev'                       | 5       || 0x8000    | 0x8000
        'LANDLOCK_ACCESS_FS_MAKE_REG'     | 1       || 0x100     | 0x100
    }

    def "rights are names or numbers: #access"() {
        expect:
        rules("{\"paths\":[{\"path\":\"/a\",\"access\":$access}]}").paths()[0].ofDirectory() == mask

        where:
        access                  || mask
        '[4]'                   || 4
        '["read_file"]'         || 4
        '["read_file",8]'       || 12
        '[12,"write_file"]'     || 14
        '[]'                    || 0
    }

    def "#said is handled as fs #fs, net #net, scoped #scoped"() {
        expect:
        with(rules(said)) {
            [it.fs(), it.net(), it.scoped()] == [fs, net, scoped]
        }

        where:
        said                                                                                   || fs     | net | scoped
        '{"handledAccessFs":["execute"]}'                                                      || 1      | 0   | 0
        '{"handledAccessFs":[6],"paths":[{"path":"/a","access":["read"]}]}'                    || 6      | 0   | 0
        '{"ports":[{"port":443,"access":["connect_tcp"]}]}'                                    || 0      | 2   | 0
        '{"ports":[{"port":0,"access":[3]}],"handledAccessNet":["bind_tcp","connect_tcp"]}'     || 0      | 3   | 0
        '{"handledAccessNet":["bind_tcp"]}'                                                    || 0      | 1   | 0
        '{"scoped":["signal","LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET"]}'                          || 0      | 0   | 3
    }

    def "refused on version #version: #said"() {
        when:
        rules(said, version)

        then:
        def e = thrown(ConfigException)
        e.line() == "$why [annotations.dev.gantry.landlock]"

        where:
        said                                | version || why
        '{"handledAccessFs":["refer"]}'     | 1       || '`refer` needs version 2 of Landlock, this kernel has 1'
        '{"handledAccessFs":[16384]}'       | 2       || '`16384` needs version 3 of Landlock, this kernel has 2'
        '{"handledAccessNet":["bind_tcp"]}' | 3       || '`bind_tcp` needs version 4 of Landlock, this kernel has 3'
        '{"handledAccessFs":["ioctl_dev"]}' | 4       || '`ioctl_dev` needs version 5 of Landlock, this kernel has 4'
        '{"scoped":["signal"]}'             | 5       || '`signal` needs version 6 of Landlock, this kernel has 5'
        '{"scoped":["nothing"]}'            | 7       || 'Landlock has no `nothing`'
        '{"handledAccessFs":[65536]}'       | 7       || 'Landlock has no `65536`'
        '{"handledAccessFs":[-1]}'          | 7       || 'Landlock has no `-1`'
        '{"handledAccessFs":[0]}'           | 7       || 'Landlock has no `0`'
        '{"handledAccessFs":[true]}'        | 7       || 'Landlock has no `true`'
        '{}'                                | 7       || 'it restricts nothing'
        '{"scoped":["signal"],"pathes":[]}' | 7       || '`pathes` is unknown'
        '{"scoped":["signal"],"paths":{}}'  | 7       || '`paths` must be a list'
        '{"paths":[{"path":"usr","access":["read"]}]}' | 7       || 'the path `usr` is not absolute'
        '{"paths":[{"path":"/a","access":["read"],"x":1}]}' | 7       || '`x` is unknown'
        '{"ports":[{"port":65536,"access":["bind_tcp"]}]}' | 7       || 'a port must be a number from 0 to 65535'
        '{"ports":[{"port":1,"access":[]}],"scoped":[1]}' | 7       || 'port 1 is given no right'
        '{"ports":[{"port":1,"access":[1]}],"handledAccessNet":[2]}' | 7       ||
            '`ports` allows what `handledAccessNet` does not list'
    }

    def "a kernel without Landlock refuses every annotation, and says what it needs"() {
        when:
        rules(READ, 0)

        then:
        def e = thrown(ConfigException)
        e.line() == 'Landlock is not enabled on this machine [annotations.dev.gantry.landlock]; ' +
                'hint: it needs Linux 5.13, and `landlock` among the modules of the boot parameter lsm='
    }

    def "an annotation that is no object is refused: #said"() {
        when:
        rules(said)

        then:
        def e = thrown(ConfigException)
        e.message.contains('[annotations.dev.gantry.landlock]')

        where:
        said << ['', 'read', '[]', '7', 'null', '{"paths":[7]}', '{"paths":[{"path":7,"access":7}]}', '{"a":']
    }

    def "the step is between capabilities and filter, in added processes too; CAP_SYS_ADMIN is kept for it: #nnp"() {
        given:
        def config = Scenarios.annotated(Scenarios.process(OciDefaults.spec()) { noNewPrivileges(nnp) },
            GantryAnnotations.LANDLOCK, READ)
        def host = Hosts.HYBRID.withLandlock(7)

        expect:
        [Scenarios.plan(config, host), ExecCompiler.compile(config, config.process(), [], SourceMap.NONE, host,
                Scenarios.OPTIONS)].every { plan ->
            def steps = plan.steps()*.step()
            def at = steps.findIndexOf { it instanceof PrivilegeStep.RestrictAccess }
            def gives = steps.findIndexOf { it instanceof PrivilegeStep.GiveUpAdmin }
            at > steps.findLastIndexOf {
                it instanceof RootStep || it instanceof MountStep || it instanceof NodeStep ||
                    it instanceof PrivilegeStep.SetCapabilities || it instanceof PrivilegeStep.NoNewPrivileges
            }
                    && at > steps.findIndexOf { it instanceof ProcessStep.FindProgram }
                    && (nnp ? gives < 0 : gives == at + 1)
        }

        where:
        nnp << [true, false]
    }

    private static Landlock rules(String annotation, int version = 7) {
        def config = Scenarios.annotated(OciDefaults.spec(), GantryAnnotations.LANDLOCK, annotation)
        Scenarios.plan(config, Hosts.HYBRID.withLandlock(version)).steps()*.step()
                .find { it instanceof PrivilegeStep.RestrictAccess }.rules()
    }
}
