package dev.gantry.oci;

/** Describes the virtual machine that a container runs in. */
public record Vm(VmHypervisor hypervisor, VmKernel kernel, VmImage image, VmHwConfig hwConfig) {}
