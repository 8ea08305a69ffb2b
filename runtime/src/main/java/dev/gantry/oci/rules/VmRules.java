package dev.gantry.oci.rules;

import dev.gantry.oci.Vm;
import dev.gantry.oci.VmHwConfig;
import dev.gantry.oci.VmKernel;

/** Judges {@code vm}. */
final class VmRules {
    private VmRules() {}

    static void check(Vm vm, Place place) {
        if (vm.hypervisor() != null) {
            place.member("hypervisor")
                    .requiresAbsolutePath("path", vm.hypervisor().path());
        }
        if (place.requires("kernel", vm.kernel())) {
            kernel(vm.kernel(), place.member("kernel"));
        }
        if (vm.image() != null) {
            Place at = place.member("image");
            at.requiresAbsolutePath("path", vm.image().path());
            at.requires("format", vm.image().format());
        }
        if (vm.hwConfig() != null) {
            hardware(vm.hwConfig(), place.member("hwConfig"));
        }
    }

    private static void kernel(VmKernel kernel, Place place) {
        place.requiresAbsolutePath("path", kernel.path());
        if (kernel.initrd() != null) {
            place.member("initrd").absolutePath(kernel.initrd());
        }
    }

    private static void hardware(VmHwConfig hardware, Place place) {
        for (int i = 0; i < hardware.iomems().size(); i++) {
            Place at = place.item("iomems", i);
            at.requires("firstMFN", hardware.iomems().get(i).firstMFN());
            at.requires("nrMFNs", hardware.iomems().get(i).nrMFNs());
        }
    }
}
