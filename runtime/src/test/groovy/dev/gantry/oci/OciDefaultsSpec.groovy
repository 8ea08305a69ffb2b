package dev.gantry.oci

import dev.gantry.oci.codec.OciReader
import dev.gantry.oci.rules.OciValidator
import spock.lang.Specification

/** The config that a definition begins with, and that `spec` writes. */
class OciDefaultsSpec extends Specification {
    def "spec is that of runc 1.1.5, but for version, hostname and ambient capabilities"() {
        given:
        def runc = OciReader.parse(Resource.bytes('runc-spec.json'), 'runc-spec.json')

        expect:
        OciDefaults.spec() == ours(runc)
    }

    def "rootless spec is that of runc 1.1.5 with the same differences"() {
        given: 'captured as user 0 and group 0'
        def runc = OciReader.parse(Resource.bytes('runc-spec-rootless.json'), 'runc-spec-rootless.json')

        expect:
        OciDefaults.rootlessSpec(0, 0) == ours(runc)
    }

    def "rootless spec maps root to the user who asks"() {
        given:
        def linux = OciDefaults.rootlessSpec(1000, 100).linux()

        expect:
        linux.uidMappings() == [new IdMapping(0, 1000, 1)]
        linux.gidMappings() == [new IdMapping(0, 100, 1)]
    }

    def "a cgroup namespace is added at the end"() {
        expect:
        OciDefaults.withCgroupNamespace(OciDefaults.spec()).linux().namespaces()*.type()*.ociName()
                == ['pid', 'network', 'ipc', 'uts', 'mount', 'cgroup']
    }

    def "the defaults are sound"() {
        expect:
        OciValidator.validate(config).isEmpty()

        where:
        config << [OciDefaults.spec(), OciDefaults.rootlessSpec(1000, 1000)]
    }

    private static OciConfig ours(OciConfig runc) {
        def capabilities = runc.process().capabilities().toBuilder().ambient([]).build()
        runc.toBuilder()
                .ociVersion('1.3.0')
                .hostname('gantry')
                .process(runc.process().toBuilder().capabilities(capabilities).build())
                .build()
    }
}
