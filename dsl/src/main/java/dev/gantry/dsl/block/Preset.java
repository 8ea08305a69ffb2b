package dev.gantry.dsl.block;

import java.util.Map;
import java.util.function.Consumer;

/** What the presets say, in the words that a script would use; a script may say all of them again. */
final class Preset {
    private static final long HARDENED_PIDS = 256;
    private static final long CI_PIDS = 4096;
    private static final int CI_OOM_SCORE = 500;

    private Preset() {}

    static void hardened(ContainerDsl container) {
        container.process((Consumer<ProcessDsl>) process -> {
            process.forget();
            process.noNewPrivileges(true);
            process.capabilities((Consumer<CapabilitiesDsl>) sets -> sets.drop("ALL"));
        });
        container.namespaces((Consumer<NamespacesDsl>) namespaces -> {
            namespaces.forget();
            namespaces.network("none");
        });
        limited(container, HARDENED_PIDS);
        container.readonlyRoot();
        container.forgetAll();
    }

    static void ci(ContainerDsl container) {
        container.process((Consumer<ProcessDsl>) process -> {
            process.forget();
            process.noNewPrivileges(true);
            process.env(Map.of("CI", "true"));
            process.oomScoreAdj(CI_OOM_SCORE);
        });
        limited(container, CI_PIDS);
        container.forgetAll();
    }

    private static void limited(ContainerDsl container, long pids) {
        container.seccomp((Consumer<SeccompDsl>) seccomp -> {
            seccomp.forget();
            seccomp.profile("default");
        });
        container.resources((Consumer<ResourcesDsl>) resources -> {
            resources.forget();
            resources.pids(pids);
        });
    }
}
