package dev.gantry.oci;

import java.util.List;
import java.util.Map;

/**
 * Describes one container: a whole {@code config.json}. The sections of other platforms are not kept.
 *
 * @param process null for a container that is created and never started
 * @param mounts in the order they are mounted
 * @param vm null unless the container is a virtual machine
 */
public record OciConfig(
        String ociVersion,
        Process process,
        Root root,
        String hostname,
        String domainname,
        List<Mount> mounts,
        Hooks hooks,
        Map<String, String> annotations,
        Linux linux,
        Vm vm) {
    public OciConfig {
        mounts = Copies.list(mounts);
        annotations = Copies.map(annotations);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder with everything set as it is here. */
    public Builder toBuilder() {
        return builder()
                .ociVersion(ociVersion)
                .process(process)
                .root(root)
                .hostname(hostname)
                .domainname(domainname)
                .mounts(mounts)
                .hooks(hooks)
                .annotations(annotations)
                .linux(linux)
                .vm(vm);
    }

    /** Collects the components of a {@link OciConfig}; each method sets the one of its name. Not thread-safe. */
    public static final class Builder {
        private String ociVersion;
        private Process process;
        private Root root;
        private String hostname;
        private String domainname;
        private List<Mount> mounts;
        private Hooks hooks;
        private Map<String, String> annotations;
        private Linux linux;
        private Vm vm;

        private Builder() {}

        public Builder ociVersion(String ociVersion) {
            this.ociVersion = ociVersion;
            return this;
        }

        public Builder process(Process process) {
            this.process = process;
            return this;
        }

        public Builder root(Root root) {
            this.root = root;
            return this;
        }

        public Builder hostname(String hostname) {
            this.hostname = hostname;
            return this;
        }

        public Builder domainname(String domainname) {
            this.domainname = domainname;
            return this;
        }

        public Builder mounts(List<Mount> mounts) {
            this.mounts = mounts;
            return this;
        }

        public Builder hooks(Hooks hooks) {
            this.hooks = hooks;
            return this;
        }

        public Builder annotations(Map<String, String> annotations) {
            this.annotations = annotations;
            return this;
        }

        public Builder linux(Linux linux) {
            this.linux = linux;
            return this;
        }

        public Builder vm(Vm vm) {
            this.vm = vm;
            return this;
        }

        /** Creates the record; whatever was not set is absent. */
        public OciConfig build() {
            return new OciConfig(
                    ociVersion, process, root, hostname, domainname, mounts, hooks, annotations, linux, vm);
        }
    }
}
