package dev.gantry.oci;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.json.JsonObject;
import dev.gantry.json.JsonObjectBuilder;

/** Reads and writes {@code vm}. */
final class VmJson {
    private VmJson() {}

    static Vm vm(JsonObject json) {
        return new Vm(
                json.object("hypervisor", VmJson::hypervisor),
                json.object("kernel", VmJson::kernel),
                json.object("image", VmJson::image),
                json.object("hwConfig", VmJson::hwConfig));
    }

    static ObjectNode node(Vm vm) {
        return new JsonObjectBuilder()
                .object("hypervisor", vm.hypervisor(), VmJson::node)
                .object("kernel", vm.kernel(), VmJson::node)
                .object("image", vm.image(), VmJson::node)
                .object("hwConfig", vm.hwConfig(), VmJson::node)
                .node();
    }

    private static VmHypervisor hypervisor(JsonObject json) {
        return new VmHypervisor(json.string("path"), json.strings("parameters"));
    }

    private static ObjectNode node(VmHypervisor hypervisor) {
        return new JsonObjectBuilder()
                .string("path", hypervisor.path())
                .strings("parameters", hypervisor.parameters())
                .node();
    }

    private static VmKernel kernel(JsonObject json) {
        return new VmKernel(json.string("path"), json.strings("parameters"), json.string("initrd"));
    }

    private static ObjectNode node(VmKernel kernel) {
        return new JsonObjectBuilder()
                .string("path", kernel.path())
                .strings("parameters", kernel.parameters())
                .string("initrd", kernel.initrd())
                .node();
    }

    private static VmImage image(JsonObject json) {
        return new VmImage(json.string("path"), json.constant("format", VmImageFormat.class));
    }

    private static ObjectNode node(VmImage image) {
        return new JsonObjectBuilder()
                .string("path", image.path())
                .constant("format", image.format())
                .node();
    }

    private static VmHwConfig hwConfig(JsonObject json) {
        return new VmHwConfig(
                json.string("deviceTree"),
                json.uint32("vcpus"),
                json.uint64("memory"),
                json.strings("dtdevs"),
                json.objects("iomems", VmJson::ioMem),
                json.uint32s("irqs"));
    }

    private static ObjectNode node(VmHwConfig hwConfig) {
        return new JsonObjectBuilder()
                .string("deviceTree", hwConfig.deviceTree())
                .number("vcpus", hwConfig.vcpus())
                .number("memory", hwConfig.memory())
                .strings("dtdevs", hwConfig.dtdevs())
                .objects("iomems", hwConfig.iomems(), VmJson::node)
                .numbers("irqs", hwConfig.irqs())
                .node();
    }

    private static VmIoMem ioMem(JsonObject json) {
        return new VmIoMem(json.uint64("firstGFN"), json.uint64("firstMFN"), json.uint64("nrMFNs"));
    }

    private static ObjectNode node(VmIoMem memory) {
        return new JsonObjectBuilder()
                .number("firstGFN", memory.firstGFN())
                .number("firstMFN", memory.firstMFN())
                .number("nrMFNs", memory.nrMFNs())
                .node();
    }
}
