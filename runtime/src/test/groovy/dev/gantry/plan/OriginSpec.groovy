package dev.gantry.plan

import dev.gantry.plan.compile.PlanCompiler
import dev.gantry.error.Place
import dev.gantry.error.SourceMap
import dev.gantry.oci.OciDefaults
import spock.lang.Specification

/** Each step of a plan knows its property in the config and its line in the script. */
class OriginSpec extends Specification {
    def "the place is that of the nearest part around a property: #path"() {
        given:
        def sources = new SourceMap([
                'linux'                          : new Place('a', 1),
                'linux.resources'                : new Place('a', 2),
                'linux.resources.unified.io.max' : new Place('a', 3),
                'mounts[3]'                      : new Place('a', 4),
                'mounts[3].options'              : new Place('a', 5),
        ])

        expect:
        sources.find(path).map { it.line() }.orElse(0) == line

        where:
        path                              || line
        'linux'                           || 1
        'linux.sysctl.net.ipv4.ip_forward' || 1
        'linux.resources'                 || 2
        'linux.resources.devices[0]'      || 2
        'linux.resources.unified.io.max'  || 3
        'mounts[3]'                       || 4
        'mounts[3].source'                || 4
        'mounts[3].options[0]'            || 5
        'mounts[30]'                      || 0
        'mounts[2]'                       || 0
        'mounts'                          || 0
        'linuxx'                          || 0
        ''                                || 0
    }

    def "without a script there are no places"() {
        expect:
        SourceMap.NONE.find('mounts[3]').isEmpty()
    }

    def "the steps of a mount carry its line, and those that every container gets carry none"() {
        given:
        def sources =
            new SourceMap(['mounts[6]': new Place('box.ctr.groovy', 9), 'process': new Place('box.ctr.groovy', 2)])
        def origins = PlanCompiler.compile(OciDefaults.spec(), sources, Hosts.HYBRID, Scenarios.OPTIONS).steps()
            *.origin()

        expect: 'the tmpfs, ten hierarchies, and read-only at the end'
        origins.count { it.toString() == 'mounts[6], box.ctr.groovy:9' } == 12
        origins.findAll { it.ociPath().startsWith('process.') }
            .every { it.place() == Optional.of(new Place('box.ctr.groovy', 2)) }
        origins.findAll { it.ociPath() == 'default' || it.ociPath() == 'mounts[5]' }.every { it.place().isEmpty() }
    }

    def "`default` has no place even where a script has something of that name"() {
        given:
        def sources = new SourceMap(['default': new Place('box.ctr.groovy', 1)])

        expect:
        PlanCompiler.compile(OciDefaults.spec(), sources, Hosts.HYBRID, Scenarios.OPTIONS).steps()*.origin()
                .every { it.place().isEmpty() }
    }

    def "an origin is shown with its place, if it has one"() {
        expect:
        new Origin('root.path', Optional.empty()).toString() == 'root.path'
        new Origin('root.path', Optional.of(new Place('x', 7))).toString() == 'root.path, x:7'
    }
}
