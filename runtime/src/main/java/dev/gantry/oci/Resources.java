package dev.gantry.oci;

import java.util.List;
import java.util.Map;

/**
 * Limits what a container uses, through its cgroup.
 *
 * @param devices in order: a later rule wins over an earlier one
 * @param network cgroup v1 only
 * @param rdma by device name
 * @param unified cgroup v2 only: contents by file name
 */
public record Resources(
        List<DeviceRule> devices,
        Memory memory,
        Cpu cpu,
        Pids pids,
        BlockIo blockIO,
        List<HugepageLimit> hugepageLimits,
        Network network,
        Map<String, Rdma> rdma,
        Map<String, String> unified) {
    public Resources {
        devices = Copies.list(devices);
        hugepageLimits = Copies.list(hugepageLimits);
        rdma = Copies.map(rdma);
        unified = Copies.map(unified);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder with everything set as it is here. */
    public Builder toBuilder() {
        return builder()
                .devices(devices)
                .memory(memory)
                .cpu(cpu)
                .pids(pids)
                .blockIO(blockIO)
                .hugepageLimits(hugepageLimits)
                .network(network)
                .rdma(rdma)
                .unified(unified);
    }

    /** Collects the components of a {@link Resources}; each method sets the one of its name. Not thread-safe. */
    public static final class Builder {
        private List<DeviceRule> devices;
        private Memory memory;
        private Cpu cpu;
        private Pids pids;
        private BlockIo blockIO;
        private List<HugepageLimit> hugepageLimits;
        private Network network;
        private Map<String, Rdma> rdma;
        private Map<String, String> unified;

        private Builder() {}

        public Builder devices(List<DeviceRule> devices) {
            this.devices = devices;
            return this;
        }

        public Builder memory(Memory memory) {
            this.memory = memory;
            return this;
        }

        public Builder cpu(Cpu cpu) {
            this.cpu = cpu;
            return this;
        }

        public Builder pids(Pids pids) {
            this.pids = pids;
            return this;
        }

        public Builder blockIO(BlockIo blockIO) {
            this.blockIO = blockIO;
            return this;
        }

        public Builder hugepageLimits(List<HugepageLimit> hugepageLimits) {
            this.hugepageLimits = hugepageLimits;
            return this;
        }

        public Builder network(Network network) {
            this.network = network;
            return this;
        }

        public Builder rdma(Map<String, Rdma> rdma) {
            this.rdma = rdma;
            return this;
        }

        public Builder unified(Map<String, String> unified) {
            this.unified = unified;
            return this;
        }

        /** Creates the record; whatever was not set is absent. */
        public Resources build() {
            return new Resources(devices, memory, cpu, pids, blockIO, hugepageLimits, network, rdma, unified);
        }
    }
}
