package dev.gantry.oci;

/**
 * Asks for a namespace of the container's own, or for an existing one to join.
 *
 * @param path of a namespace to join; null makes a new one
 */
public record Namespace(NamespaceType type, String path) {
    /** Creates the request for a new namespace. */
    public static Namespace of(NamespaceType type) {
        return new Namespace(type, null);
    }
}
