package dev.gantry.seccomp

import static dev.gantry.oci.SeccompFlag.LOG
import static dev.gantry.oci.SeccompFlag.SPEC_ALLOW
import static dev.gantry.oci.SeccompFlag.TSYNC
import static dev.gantry.oci.SeccompFlag.WAIT_KILLABLE_RECV

import dev.gantry.oci.SeccompFlag
import spock.lang.Specification

/** The flags of seccomp that a kernel takes, by its version. */
class SeccompFeaturesSpec extends Specification {
    def "Linux #kernel takes flags #flags"() {
        expect:
        SeccompFeatures.of(true, kernel).supportedFlags() == flags as Set

        where:
        kernel                | flags
        '5.12.0'              | [TSYNC, LOG, SPEC_ALLOW]
        '5.18.19-generic'     | [TSYNC, LOG, SPEC_ALLOW]
        '5.19-rc1'            | [TSYNC, LOG, SPEC_ALLOW, WAIT_KILLABLE_RECV]
        '6.1.0-13-amd64'      | [TSYNC, LOG, SPEC_ALLOW, WAIT_KILLABLE_RECV]
    }

    def "a kernel without filters takes no flags, though they are known"() {
        given:
        def features = SeccompFeatures.of(false, '6.1.0')

        expect:
        !features.isEnabled()
        features.supportedFlags().isEmpty()
        features.knownFlags() == SeccompFlag.values() as Set
    }

    def "this machine can be asked"() {
        expect:
        SeccompFeatures.read().actions().size() == 9
    }
}
