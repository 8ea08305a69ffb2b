package dev.gantry.oci.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.json.JsonCodec;
import dev.gantry.json.JsonObject;
import dev.gantry.json.JsonObjectBuilder;
import dev.gantry.oci.Vm;
import dev.gantry.oci.VmHwConfig;
import dev.gantry.oci.VmHypervisor;
import dev.gantry.oci.VmImage;
import dev.gantry.oci.VmImageFormat;
import dev.gantry.oci.VmIoMem;
import dev.gantry.oci.VmKernel;

/** Reads and writes {@code vm}. */
final class VmJson {
    private VmJson() {}

    static final class VmCodec implements JsonCodec<Vm> {
        @Override
        public Vm read(JsonObject json) {
            return new Vm(
                    json.object("hypervisor", new VmHypervisorCodec()),
                    json.object("kernel", new VmKernelCodec()),
                    json.object("image", new VmImageCodec()),
                    json.object("hwConfig", new VmHwConfigCodec()));
        }

        @Override
        public ObjectNode write(Vm vm) {
            return new JsonObjectBuilder()
                    .object("hypervisor", vm.hypervisor(), new VmHypervisorCodec())
                    .object("kernel", vm.kernel(), new VmKernelCodec())
                    .object("image", vm.image(), new VmImageCodec())
                    .object("hwConfig", vm.hwConfig(), new VmHwConfigCodec())
                    .node();
        }
    }

    static final class VmHypervisorCodec implements JsonCodec<VmHypervisor> {
        @Override
        public VmHypervisor read(JsonObject json) {
            return new VmHypervisor(json.string("path"), json.strings("parameters"));
        }

        @Override
        public ObjectNode write(VmHypervisor hypervisor) {
            return new JsonObjectBuilder()
                    .string("path", hypervisor.path())
                    .strings("parameters", hypervisor.parameters())
                    .node();
        }
    }

    static final class VmKernelCodec implements JsonCodec<VmKernel> {
        @Override
        public VmKernel read(JsonObject json) {
            return new VmKernel(json.string("path"), json.strings("parameters"), json.string("initrd"));
        }

        @Override
        public ObjectNode write(VmKernel kernel) {
            return new JsonObjectBuilder()
                    .string("path", kernel.path())
                    .strings("parameters", kernel.parameters())
                    .string("initrd", kernel.initrd())
                    .node();
        }
    }

    static final class VmImageCodec implements JsonCodec<VmImage> {
        @Override
        public VmImage read(JsonObject json) {
            return new VmImage(json.string("path"), json.constant("format", VmImageFormat.class));
        }

        @Override
        public ObjectNode write(VmImage image) {
            return new JsonObjectBuilder()
                    .string("path", image.path())
                    .constant("format", image.format())
                    .node();
        }
    }

    static final class VmHwConfigCodec implements JsonCodec<VmHwConfig> {
        @Override
        public VmHwConfig read(JsonObject json) {
            return new VmHwConfig(
                    json.string("deviceTree"),
                    json.uint32("vcpus"),
                    json.uint64("memory"),
                    json.strings("dtdevs"),
                    json.objects("iomems", new VmIoMemCodec()),
                    json.uint32s("irqs"));
        }

        @Override
        public ObjectNode write(VmHwConfig hwConfig) {
            return new JsonObjectBuilder()
                    .string("deviceTree", hwConfig.deviceTree())
                    .number("vcpus", hwConfig.vcpus())
                    .number("memory", hwConfig.memory())
                    .strings("dtdevs", hwConfig.dtdevs())
                    .objects("iomems", hwConfig.iomems(), new VmIoMemCodec())
                    .numbers("irqs", hwConfig.irqs())
                    .node();
        }
    }

    static final class VmIoMemCodec implements JsonCodec<VmIoMem> {
        @Override
        public VmIoMem read(JsonObject json) {
            return new VmIoMem(json.uint64("firstGFN"), json.uint64("firstMFN"), json.uint64("nrMFNs"));
        }

        @Override
        public ObjectNode write(VmIoMem memory) {
            return new JsonObjectBuilder()
                    .number("firstGFN", memory.firstGFN())
                    .number("firstMFN", memory.firstMFN())
                    .number("nrMFNs", memory.nrMFNs())
                    .node();
        }
    }
}
