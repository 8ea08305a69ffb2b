package dev.gantry.oci.codec

import com.fasterxml.jackson.databind.JsonNode
import dev.gantry.error.ConfigException
import dev.gantry.error.Problems
import dev.gantry.json.Json
import dev.gantry.oci.DeviceRuleType
import dev.gantry.oci.DeviceType
import dev.gantry.oci.IoPriorityClass
import dev.gantry.oci.MemoryPolicyFlag
import dev.gantry.oci.MemoryPolicyMode
import dev.gantry.oci.NamespaceType
import dev.gantry.oci.OciConfig
import dev.gantry.oci.PersonalityDomain
import dev.gantry.oci.Resource
import dev.gantry.oci.RootfsPropagation
import dev.gantry.oci.SchedulerFlag
import dev.gantry.oci.SchedulerPolicy
import dev.gantry.oci.SeccompAction
import dev.gantry.oci.SeccompArch
import dev.gantry.oci.SeccompFlag
import dev.gantry.oci.SeccompOperator
import dev.gantry.oci.VmImageFormat
import spock.lang.Specification

/** Configs are read and written without loss, and wrong ones are refused with the path of each mistake. */
class OciJsonSpec extends Specification {
    def "#file is written as it was read"() {
        given:
        def text = Resource.text(file)

        expect:
        OciWriter.text(OciReader.parse(text.bytes, file)) + '\n' == text.stripTrailing() + '\n'

        where:
        file << ['runc-spec.json', 'runc-spec-rootless.json', 'maximal.json']
    }

    def "the maximal config has every property of the specification"() {
        given:
        def config = Json.parse(Resource.bytes('maximal.json'), 'maximal.json')

        expect:
        Resource.text('schema-paths.txt').readLines().findAll { at([config], it).empty } == []
    }

    def "nothing of the maximal config is lost by a builder"() {
        given:
        def config = maximal()

        expect:
        config.toBuilder()
                .process(config.process().toBuilder()
                        .user(config.process().user().toBuilder().build())
                        .capabilities(config.process().capabilities().toBuilder().build())
                        .build())
                .root(config.root().toBuilder().build())
                .mounts(config.mounts()*.toBuilder()*.build())
                .linux(config.linux().toBuilder()
                        .resources(config.linux().resources().toBuilder().build())
                        .build())
                .build() == config
    }

    def "every constant of #type.simpleName is the specification's"() {
        expect:
        type.values()*.ociName() as Set == names.tokenize() as Set

        where:
        type              | names
        NamespaceType     | 'mount pid network uts ipc user cgroup time'
        RootfsPropagation | 'private shared slave unbindable rprivate rshared rslave runbindable'
        SeccompAction     |
            'KILL KILL_PROCESS KILL_THREAD TRAP ERRNO TRACE ALLOW LOG NOTIFY'.replaceAll(/\w+/, 'SCMP_ACT_$0')
        SeccompArch       |
            ('X86 X86_64 X32 ARM AARCH64 LOONGARCH64 M68K MIPS MIPS64 MIPS64N32 MIPSEL MIPSEL64 MIPSEL64N32 '
                + 'PPC PPC64 PPC64LE S390 S390X SH SHEB PARISC PARISC64 RISCV64').replaceAll(/\w+/, 'SCMP_ARCH_$0')
        SeccompFlag       | 'TSYNC LOG SPEC_ALLOW WAIT_KILLABLE_RECV'.replaceAll(/\w+/, 'SECCOMP_FILTER_FLAG_$0')
        SeccompOperator   | 'NE LT LE EQ GE GT MASKED_EQ'.replaceAll(/\w+/, 'SCMP_CMP_$0')
        SchedulerPolicy   | 'OTHER FIFO RR BATCH ISO IDLE DEADLINE'.replaceAll(/\w+/, 'SCHED_$0')
        SchedulerFlag     |
            'RESET_ON_FORK RECLAIM DL_OVERRUN KEEP_POLICY KEEP_PARAMS UTIL_CLAMP_MIN UTIL_CLAMP_MAX'.replaceAll(/\w+/,
                'SCHED_FLAG_$0')
        IoPriorityClass   | 'RT BE IDLE'.replaceAll(/\w+/, 'IOPRIO_CLASS_$0')
        MemoryPolicyMode  |
            'DEFAULT BIND INTERLEAVE WEIGHTED_INTERLEAVE PREFERRED PREFERRED_MANY LOCAL'.replaceAll(/\w+/, 'MPOL_$0')
        MemoryPolicyFlag  | 'NUMA_BALANCING RELATIVE_NODES STATIC_NODES'.replaceAll(/\w+/, 'MPOL_F_$0')
        PersonalityDomain | 'LINUX LINUX32'
        VmImageFormat     | 'raw qcow2 vdi vmdk vhd'
        DeviceType        | 'c b u p'
        DeviceRuleType    | 'a c b'
    }

    def "an empty config is read as nothing and written as nothing"() {
        given:
        def config = OciReader.parse('{}'.bytes, 'config.json')

        expect:
        config == OciConfig.builder().build()
        config.mounts() == []
        OciWriter.text(config) == '{}'
    }

    def "lists that mean something when they are empty stay absent or empty: #text"() {
        expect:
        OciWriter.text(OciReader.parse(text.bytes, 'config.json')).replaceAll(/\s/, '') == text

        where:
        text << ['{"linux":{"seccomp":{}}}', '{"linux":{"seccomp":{"flags":[]}}}',
                 '{"hooks":{"poststop":[{"path":"/x"}]}}', '{"hooks":{"poststop":[{"path":"/x","env":[]}]}}']
    }

    def "resources may come in another case, as to update"() {
        given:
        def problems = new Problems()

        when:
        def resources = OciReader.resources(Json.parse('{"CPU": {"Cpus": "1"}}'.bytes, 'x'), problems)

        then:
        resources.cpu().cpus() == '1'
        problems.isEmpty()
    }

    def "every problem of a config is reported with its path"() {
        when:
        OciReader.parse('''{
            "process": {"user": {"uid": "x"}, "rlimits": [{"type": "RLIMIT_CPU", "hard": -1}]},
            "mounts": [{}, {"source": 5}],
            "linux": {"namespaces": [{"type": "net"}], "resources": {"memory": {"limit": 1.5}}}
            }'''.bytes, 'config.json')

        then:
        def e = thrown(ConfigException)
        e.problems()*.line() == [
                '`uid` must be a whole number from 0 to 4294967295, not `"x"` [process.user.uid]',
                '`hard` must be a whole number from 0 to 18446744073709551615, not `-1` [process.rlimits[0].hard]',
                '`source` must be a string, not `5` [mounts[1].source]',
                '`limit` must be a whole number from -9223372036854775808 to 9223372036854775807, ' +
                'not `1.5` [linux.resources.memory.limit]',
                '`type` must be one of `mount`, `pid`, `network`, `uts`, `ipc`, `user`, `cgroup`, `time`, ' +
                'not `"net"` [linux.namespaces[0].type]',
        ]
    }

    def "a process and resources on their own are reported where they belong"() {
        given:
        def problems = new Problems()

        when:
        OciReader.process(Json.parse('{"args": "sh"}'.bytes, 'x'), problems)
        OciReader.resources(Json.parse('{"pids": {"limit": "1"}}'.bytes, 'x'), problems)

        then:
        problems.errors()*.ociPath() == ['process.args', 'linux.resources.pids.limit']
    }

    def "a process and resources are written on their own"() {
        given:
        def config = Json.parse(Resource.bytes('maximal.json'), 'maximal.json')

        expect:
        Json.compact(OciWriter.node(maximal().process())) == Json.compact(config.get('process'))
        Json.compact(OciWriter.node(maximal().linux().resources())) == Json.compact(config.at('/linux/resources'))
    }

    private static OciConfig maximal() {
        OciReader.parse(Resource.bytes('maximal.json'), 'maximal.json')
    }

    /** The values at a path such as {@code mounts[].uidMappings[].size} or {@code linux.netDevices.*.name}. */
    private static List<JsonNode> at(List<JsonNode> nodes, String path) {
        path.replace('[]', '.*').tokenize('.').inject(nodes) { found, name ->
            found.collectMany { name == '*' ? it.toList() : (it.has(name) ? [it.get(name)] : []) }
        }
    }
}
