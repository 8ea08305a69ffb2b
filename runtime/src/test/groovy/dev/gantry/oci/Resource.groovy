package dev.gantry.oci

/** The files next to these specs. */
class Resource {
    static byte[] bytes(String name) {
        Resource.getResourceAsStream(name).withCloseable { it.readAllBytes() }
    }

    static String text(String name) {
        new String(bytes(name), 'UTF-8')
    }
}
