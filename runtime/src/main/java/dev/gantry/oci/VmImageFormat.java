package dev.gantry.oci;

import dev.gantry.json.NamedConstant;

/** Lists the formats of a root image. */
public enum VmImageFormat implements NamedConstant {
    RAW("raw"),
    QCOW2("qcow2"),
    VDI("vdi"),
    VMDK("vmdk"),
    VHD("vhd");

    private final String ociName;

    VmImageFormat(String ociName) {
        this.ociName = ociName;
    }

    @Override
    public String ociName() {
        return ociName;
    }
}
