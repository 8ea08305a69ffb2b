package dev.gantry.json;

/** Is implemented by enums whose constants have a name of their own in the OCI documents. */
public interface NamedConstant {
    /** Returns the name as it stands in a document, such as {@code SCMP_ACT_ALLOW}. */
    String ociName();
}
