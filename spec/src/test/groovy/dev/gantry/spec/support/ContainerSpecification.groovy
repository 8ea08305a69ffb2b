package dev.gantry.spec.support

import dev.gantry.runtime.Internals
import dev.gantry.kernel.Kernel
import dev.gantry.kernel.OpenFlag
import dev.gantry.kernel.jnr.LinuxKernel
import dev.gantry.oci.Capabilities
import dev.gantry.oci.Capability
import dev.gantry.oci.Namespace
import dev.gantry.oci.NamespaceType
import dev.gantry.oci.OciConfig
import dev.gantry.oci.OciDefaults
import dev.gantry.oci.Root
import dev.gantry.runtime.Container
import dev.gantry.runtime.Gantry
import dev.gantry.runtime.GantryOptions
import dev.gantry.value.CreateOptions
import dev.gantry.value.Definition
import dev.gantry.value.ExecResult
import dev.gantry.io.Stdio
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/**
 * A specification of real containers: a state root and a busybox bundle of its own, and a host that stays as it was.
 */
@LeavesNoTrace({ stateRoot })
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class ContainerSpecification extends Specification {
    @Shared @TempDir Path shared
    @Shared Path bundle
    @Shared Path stateRoot
    @Shared Gantry gantry
    @Shared Kernel kernel = LinuxKernel.load()
    @Shared private int counter

    private final List<Container> made = []

    /** What a feature mounts on the host is gone before the host is looked at. */
    protected final HostMounts host = new HostMounts()

    def setupSpec() {
        bundle = Files.createDirectories(shared.resolve('bundle'))
        stateRoot = shared.resolve('state')
        Busybox.rootfs(bundle.resolve('rootfs'))
        shared.toFile().setExecutable(true, false) // the root of a user namespace must get there
        gantry = Gantry.open(GantryOptions.at(stateRoot))
        warmUp()
    }

    def cleanupSpec() {
        gantry.close()
    }

    def cleanup() {
        made.reverse().each { container ->
            if (Files.exists(stateRoot.resolve(container.id()))) {
                container.deleteForcibly()
            }
        }
        host.close()
    }

    /** Mount points that the first container makes in the rootfs stay there, as with every runtime. */
    private void warmUp() {
        def container = Internals.start(gantry, 'warm-up', definition(config()), stdio())
        container.waitFor()
        container.delete()
    }

    protected String newId() {
        "spec-${ProcessHandle.current().pid()}-${counter++}"
    }

    protected Stdio stdio() {
        Stdio.none(kernel)
    }

    /** The default spec without a terminal, running `true`. */
    protected OciConfig config(List<String> args = ['true']) {
        def spec = OciDefaults.spec()
        spec.toBuilder()
                .root(new Root('rootfs', false))
                .process(spec.process().toBuilder().terminal(false).args(args).build())
                .build()
    }

    protected OciConfig withProcess(OciConfig config, Map<String, Object> changes) {
        def builder = config.process().toBuilder()
        changes.each { name, value -> builder."$name"(value) }
        config.toBuilder().process(builder.build()).build()
    }

    /** Gives the first process all capabilities. */
    protected OciConfig withAllCapabilities(OciConfig config) {
        def all = Capability.values()*.ociName()
        withProcess(config, [capabilities: new Capabilities(all, all, [], all, []), noNewPrivileges: false])
    }

    protected OciConfig withLinux(OciConfig config, Map<String, Object> changes) {
        def builder = config.linux().toBuilder()
        changes.each { name, value -> builder."$name"(value) }
        config.toBuilder().linux(builder.build()).build()
    }

    protected OciConfig withNamespace(OciConfig config, NamespaceType type) {
        withLinux(config, [namespaces: config.linux().namespaces() + Namespace.of(type)])
    }

    protected Definition definition(OciConfig config) {
        Definition.of(config, bundle)
    }

    /** Makes and starts a container that the cleanup will delete. */
    protected Container start(OciConfig config) {
        track(Internals.start(gantry, newId(), definition(config), stdio()))
    }

    protected Container create(OciConfig config) {
        track(Internals.create(gantry, newId(), definition(config), stdio()))
    }

    protected Container track(Container container) {
        made << container
        container
    }

    /** Runs a shell script as the first process of a container and returns what it wrote. */
    protected ExecResult sh(String script, OciConfig config = config()) {
        run(withProcess(config, [args: ['sh', '-c', script]]))
    }

    /** Runs a container to its end and returns what its first process wrote, to either stream. */
    protected ExecResult run(OciConfig config, Gantry gantry = gantry, Definition definition = definition(config),
            CreateOptions how = CreateOptions.DEFAULT) {
        def file = shared.resolve("out-${counter++}")
        def out = kernel.create(file.toString(), 0600, OpenFlag.RDWR, OpenFlag.APPEND)
        try {
            def nothing = kernel.open('/dev/null')
            def container = track(Internals.start(gantry, newId(), definition, new Stdio(nothing, out, out), how))
            def status = container.waitFor().get()
            nothing.close()
            new ExecResult(config.process().args(), status, Files.readString(file), '', java.time.Duration.ZERO)
        } finally {
            out.close()
        }
    }
}
