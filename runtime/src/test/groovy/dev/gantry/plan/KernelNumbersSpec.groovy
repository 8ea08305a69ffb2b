package dev.gantry.plan

import dev.gantry.cgroup.DeviceProgram
import dev.gantry.launch.HookFailures
import dev.gantry.oci.Capability
import dev.gantry.oci.IoPriorityClass
import dev.gantry.oci.MemoryPolicyFlag
import dev.gantry.oci.MemoryPolicyMode
import dev.gantry.oci.NamespaceType
import dev.gantry.oci.PersonalityDomain
import dev.gantry.oci.RlimitType
import dev.gantry.oci.SchedulerFlag
import dev.gantry.oci.SchedulerPolicy
import dev.gantry.oci.SeccompAction
import dev.gantry.oci.SeccompFlag
import dev.gantry.seccomp.Instructions
import dev.gantry.seccomp.NewerCalls
import dev.gantry.seccomp.SeccompCompiler
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Requires
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir

/**
 * The kernel's numbers that plans, filters and device programs are made of are what C compilers say, for each machine;
 * those that the JVM calls the kernel with are compared by LayoutsSpec.
 */
class KernelNumbersSpec extends Specification {
    private static final String HERE = System.getProperty('os.arch')

    /** Reserved in the kernel's headers, and never made. */
    private static final List<String> NOWHERE = ['SCHED_ISO']

    /** Of later kernels than the headers of some distributions: the version that has them. */
    private static final Map<String, String> ENUMERATED_SINCE = [MPOL_WEIGHTED_INTERLEAVE: '6,9,0']

    private static final List<String> HEADERS = [
            'linux/audit.h', 'linux/bpf.h', 'linux/capability.h', 'linux/errno.h', 'linux/filter.h', 'linux/ioprio.h',
            'linux/landlock.h', 'linux/magic.h', 'linux/mempolicy.h', 'linux/mount.h', 'linux/personality.h',
            'linux/resource.h', 'linux/sched.h', 'linux/seccomp.h',
            'linux/stat.h', 'linux/version.h']

    @Shared @TempDir Path dir

    private static long constant(Class type, String name) {
        def field = type.getDeclaredField(name)
        field.accessible = true
        field.get(null) as long
    }

    private static Map<String, Long> constants(Class type, Map<String, String> macros) {
        macros.collectEntries { name, macro -> [macro, constant(type, name)] }
    }

    private static Map<String, Long> filters() {
        SeccompAction.values().findAll { it != SeccompAction.KILL }.collectEntries { action ->
            def name = action == SeccompAction.NOTIFY ? 'USER_NOTIF' : action.name()
            ["SECCOMP_RET_$name".toString(), SeccompCompiler.action(action, 0L) as long]
        }
    }

    /** Returns Java's numbers by the names, or expressions, that C has for them. */
    private static Map<String, Long> java() {
        def numbers = [:]
        Capability.values().each { numbers["CAP_${it.name()}"] = it.number() }
        def names = [MOUNT: 'NS', NETWORK: 'NET']
        NamespaceType.values().each { numbers["CLONE_NEW${names.getOrDefault(it.name(), it.name())}"] = it.flag() }
        RlimitType.values().each { numbers["RLIMIT_${it.name()}"] = it.number() }
        SchedulerPolicy.values().each { numbers["SCHED_${it.name() == 'OTHER' ? 'NORMAL' : it.name()}"] = it.number() }
        SchedulerFlag.values().each { numbers["SCHED_FLAG_${it.name()}"] = it.flag() }
        IoPriorityClass.values().each { numbers["IOPRIO_CLASS_${it.name()}"] = it.number() }
        MemoryPolicyMode.values().each { numbers["MPOL_${it.name()}"] = it.number() }
        MemoryPolicyFlag.values().each { numbers["MPOL_F_${it.name()}"] = it.flag() }
        PersonalityDomain.values().each { numbers["PER_${it.name()}"] = it.number() }
        SeccompFlag.values().each { numbers["SECCOMP_FILTER_FLAG_${it.name()}"] = it.flag() }
        LandlockRight.values().each { numbers["${it.kind.prefix}${it.name()}"] = it.mask() }
        (Propagation.values() - Propagation.UNCHANGED).each {
            def name = "MS_${it.name().replaceFirst(/^R/, '')}".toString()
            assert numbers.getOrDefault(name, it.flag()) == it.flag()
            numbers[name] = it.flag()
        }
        numbers += filters()
        numbers += constants(MountOptions, [
                RDONLY: 'MOUNT_ATTR_RDONLY', NOSUID: 'MOUNT_ATTR_NOSUID', NODEV: 'MOUNT_ATTR_NODEV',
                NOEXEC: 'MOUNT_ATTR_NOEXEC',
                ATIME: 'MOUNT_ATTR__ATIME', NOATIME: 'MOUNT_ATTR_NOATIME', STRICTATIME: 'MOUNT_ATTR_STRICTATIME',
                NODIRATIME: 'MOUNT_ATTR_NODIRATIME', NOSYMFOLLOW: 'MOUNT_ATTR_NOSYMFOLLOW'])
        numbers += constants(NodeStep.Mknod, [S_IFIFO: 'S_IFIFO', S_IFCHR: 'S_IFCHR', S_IFBLK: 'S_IFBLK'])
        numbers += constants(MountStep.BindMount, [PROC: 'PROC_SUPER_MAGIC', SYSFS: 'SYSFS_MAGIC'])
        numbers += constants(PrivilegeStep.InstallSeccomp, [NEW_LISTENER: 'SECCOMP_FILTER_FLAG_NEW_LISTENER'])
        numbers += constants(ScheduleStep.SetIoPriority, [CLASS_SHIFT: 'IOPRIO_CLASS_SHIFT'])
        numbers += constants(LaunchPlan, [EIO: 'EIO'])
        numbers += constants(Instructions, [
                LOAD_WORD: 'BPF_LD|BPF_W|BPF_ABS', JUMP_IF_EQUAL: 'BPF_JMP|BPF_JEQ|BPF_K',
                JUMP_IF_AT_LEAST: 'BPF_JMP|BPF_JGE|BPF_K',
                RETURN: 'BPF_RET|BPF_K', BYTES: 'sizeof(struct sock_filter)',
                NUMBER: '__builtin_offsetof(struct seccomp_data,nr)',
                ARCHITECTURE: '__builtin_offsetof(struct seccomp_data,arch)'])
        numbers += constants(SeccompCompiler, [MOST_INSTRUCTIONS: 'BPF_MAXINSNS'])
        numbers += constants(NewerCalls, [ARM: 'AUDIT_ARCH_ARM', X86_64: '(int)AUDIT_ARCH_X86_64'])
        numbers += constants(DeviceProgram, [
                LDX_WORD: 'BPF_LDX|BPF_MEM|BPF_W', MOV: 'BPF_ALU64|BPF_MOV|BPF_K', AND: 'BPF_ALU64|BPF_AND|BPF_K',
                SHIFT_RIGHT: 'BPF_ALU64|BPF_RSH|BPF_K', JUMP: 'BPF_JMP|BPF_JA',
                JUMP_UNLESS_EQUAL: 'BPF_JMP|BPF_JNE|BPF_K',
                JUMP_IF_ANY: 'BPF_JMP|BPF_JSET|BPF_K', EXIT: 'BPF_JMP|BPF_EXIT',
                TYPE_AND_ACCESS: '__builtin_offsetof(struct bpf_cgroup_dev_ctx,access_type)',
                MAJOR: '__builtin_offsetof(struct bpf_cgroup_dev_ctx,major)',
                MINOR: '__builtin_offsetof(struct bpf_cgroup_dev_ctx,minor)',
                BLOCK: 'BPF_DEVCG_DEV_BLOCK', CHARACTER: 'BPF_DEVCG_DEV_CHAR', MKNOD: 'BPF_DEVCG_ACC_MKNOD',
                READ: 'BPF_DEVCG_ACC_READ',
                WRITE: 'BPF_DEVCG_ACC_WRITE', BYTES_AN_INSTRUCTION: 'sizeof(struct bpf_insn)'])
        numbers.collectEntries { name, value -> [name.toString(), (value as long) as int as long] }
    }

    private static String compiler(String machine) {
        machine == HERE ? 'cc' : machine == 'amd64' ? 'x86_64-linux-gnu-gcc' : "$machine-linux-gnu-gcc"
    }

    private static boolean compilesFor(String machine) {
        try {
            def process = new ProcessBuilder(compiler(machine), '-E', '-include', 'linux/errno.h', '-xc',
                '/dev/null')
                .redirectErrorStream(true).start()
            process.inputStream.text
            process.waitFor() == 0
        } catch (IOException ignored) {
            false
        }
    }

    /** Compiled and never run, so that a compiler for another machine will do: each number is a line of assembly. */
    private Map<String, Long> c(String machine, Collection<String> names) {
        def shown = names.collect { name ->
            def show = "__asm__ volatile(\"\\n->$name %c0\" : : \"i\"((int)($name)));"
            if (name in ENUMERATED_SINCE) {
                return "#if LINUX_VERSION_CODE >= KERNEL_VERSION(${ENUMERATED_SINCE[name]})\n$show\n#endif"
            }
            name =~ /^(LANDLOCK|SECCOMP_FILTER|MPOL_F)_/ ? "#ifdef $name\n$show\n#endif" : show
        }
        def source = [*HEADERS.collect { "#include <$it>" }, 'void show(void);', 'void show(void) {', *shown,
            '}'].join('\n')
        Files.writeString(dir.resolve('numbers.c'), source + '\n')
        def process = new ProcessBuilder(compiler(machine), '-std=gnu11', '-S', '-o', '-',
            "$dir/numbers.c".toString()).redirectErrorStream(true).start()
        def text = process.inputStream.text
        assert process.waitFor() == 0: text.readLines().findAll { it.contains('error: ') }
        text.readLines().findAll { it.startsWith('->') }.collectEntries { line ->
            def end = line.lastIndexOf(' ')
            [line.substring(2, end), line.substring(end + 1) as long]
        }
    }

    @Requires(value = { KernelNumbersSpec.compilesFor('amd64') }, reason = 'it needs a C compiler for x86-64')
    def "the numbers of x86-64 are the compiler's"() {
        expect:
        areTheSame('amd64')
    }

    @Requires(value = { KernelNumbersSpec.compilesFor('aarch64') }, reason = 'it needs a C compiler for arm64')
    def "the numbers of arm64 are the compiler's"() {
        expect:
        areTheSame('aarch64')
    }

    private void areTheSame(String machine) {
        def java = java() - NOWHERE.collectEntries { [it, java()[it]] }
        def c = c(machine, java.keySet())
        def different = java.keySet().findAll { it in c.keySet() && java[it] != c[it] }
            .collectEntries { [(it): [java: java[it], c: c[it]]] }
        def notCompared = java.keySet() - c.keySet()
        assert different == [:]
        assert notCompared.every {
            it in ENUMERATED_SINCE.keySet() || it =~ /^LANDLOCK_|^MPOL_F_NUMA_BALANCING|^SECCOMP_FILTER_FLAG_WAIT/
        }
        assert c.size() > 130
    }
}
