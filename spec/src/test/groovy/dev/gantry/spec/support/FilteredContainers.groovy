package dev.gantry.spec.support

import dev.gantry.kernel.jnr.SeccompLibrary
import dev.gantry.oci.Capabilities
import dev.gantry.oci.OciConfig
import dev.gantry.oci.Seccomp
import dev.gantry.oci.SeccompAction
import dev.gantry.oci.SeccompSyscall
import dev.gantry.oci.User

/** A specification of containers with seccomp filters. */
abstract class FilteredContainers extends ContainerSpecification {
    /** What a filter must allow in any case. */
    protected static final List<String> NEEDED = ['read', 'write', 'close', 'execve', 'exit_group']

    protected static final List<Boolean> NO_NEW_PRIVILEGES = [null, false, true]

    def setupSpec() {
        CProgram.compile('probe', bundle.resolve('rootfs'))
        CProgram.compile('nothing', bundle.resolve('rootfs'), '-nostdlib')
    }

    protected static Seccomp profile(String defaultAction, List<SeccompSyscall> rules, Map more = [:]) {
        new Seccomp(SeccompAction.valueOf(defaultAction), null, [], more.flags, more.listenerPath, more.metadata, rules)
    }

    protected static SeccompSyscall rule(Object names, String action, Map more = [:]) {
        new SeccompSyscall([names].flatten(), SeccompAction.valueOf(action), more.errnoRet, more.args)
    }

    /**
     * The default spec with a filter.
     *
     * @param more uid, noNewPrivileges (absent if not given), capability (one more), annotations
     */
    protected OciConfig filtered(Seccomp profile, List<String> args, Map more = [:]) {
        def config = withLinux(config(args), [seccomp: profile])
        def changes = [noNewPrivileges: more.noNewPrivileges]
        if (more.uid) {
            changes.user = User.builder().uid(more.uid).gid(more.uid).build()
        }
        if (more.capability) {
            def all = config.process().capabilities().bounding() + more.capability
            changes.capabilities = Capabilities.builder().bounding(all).effective(all).permitted(all).build()
        }
        withProcess(config, changes).toBuilder().annotations(more.annotations).build()
    }

    /** The arguments of a program that makes one system call and prints its errno, or `ok`. */
    protected static List<String> probe(String call, Object... args) {
        def library = new SeccompLibrary()
        ['/probe', library.number(library.nativeArchitecture(), call).getAsInt().toString(), *args*.toString()]
    }
}
