package dev.gantry.spec.support

import com.fasterxml.jackson.databind.ObjectMapper
import java.nio.file.Files
import java.nio.file.Path
import java.security.MessageDigest
import java.util.zip.GZIPOutputStream

/** OCI image layouts made by hand, of layers that are tar archives in memory, the lowest first. */
class ImageLayout {
    private static final ObjectMapper JSON = new ObjectMapper()
    private static final String OCI = 'application/vnd.oci.image'

    final Path directory

    ImageLayout(Path directory) {
        this.directory = directory
        Files.createDirectories(directory.resolve('blobs/sha256'))
        Files.writeString(directory.resolve('oci-layout'), '{"imageLayoutVersion": "1.0.0"}')
    }

    /** Adds an image under a name; `config` is what its config says of containers. */
    Map add(String name, List<byte[]> layers, Map config = [:], Closure<byte[]> pack = ImageLayout.&gzip) {
        def manifest = manifest(layers, config, pack)
        index([manifest + [annotations: ['org.opencontainers.image.ref.name': name]]])
        manifest
    }

    /** Writes the blobs of an image, and returns the descriptor of its manifest. */
    Map manifest(List<byte[]> layers, Map config = [:], Closure<byte[]> pack = ImageLayout.&gzip) {
        def blobs = layers.collect { blob("${OCI}.layer.v1.tar+gzip", pack(it)) }
        def document = [architecture: 'amd64', os: 'linux', config: config,
                        rootfs      : [type: 'layers', diff_ids: layers.collect { "sha256:${sha256(it)}".toString() }]]
        def described = blob("${OCI}.config.v1+json", JSON.writeValueAsBytes(document))
        blob("${OCI}.manifest.v1+json", JSON.writeValueAsBytes(
                [schemaVersion: 2, mediaType: "${OCI}.manifest.v1+json".toString(), config: described, layers: blobs]))
    }

    /** Writes the list of images anew. */
    void index(List<Map> manifests) {
        Files.write(directory.resolve('index.json'), JSON.writeValueAsBytes([schemaVersion: 2, manifests: manifests]))
    }

    Map blob(String mediaType, byte[] content) {
        def hex = sha256(content)
        Files.write(directory.resolve("blobs/sha256/$hex"), content)
        [mediaType: mediaType.toString(), digest: "sha256:$hex".toString(), size: content.length]
    }

    static byte[] gzip(byte[] octets) {
        def out = new ByteArrayOutputStream()
        new GZIPOutputStream(out).withCloseable { it.write(octets) }
        out.toByteArray()
    }

    static String sha256(byte[] octets) {
        HexFormat.of().formatHex(MessageDigest.getInstance('SHA-256').digest(octets))
    }
}
