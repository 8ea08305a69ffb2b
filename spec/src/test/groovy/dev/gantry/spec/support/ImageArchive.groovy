package dev.gantry.spec.support

import com.fasterxml.jackson.databind.ObjectMapper
import java.nio.file.Files
import java.nio.file.Path
import java.security.MessageDigest

/** An image as `docker save` writes one, of one layer: a directory. */
class ImageArchive {
    static void write(Path file, Path layer, String name) {
        def work = Files.createTempDirectory(file.parent, 'image')
        tar(work.resolve('layer.tar'), layer, '.')
        def diff = sha256(Files.readAllBytes(work.resolve('layer.tar')))
        def json = new ObjectMapper()
        def config = json.writeValueAsBytes([
            architecture: 'amd64', os: 'linux', config: [Cmd: ['sh'], Env: ['PATH=/bin']],
            rootfs: [type: 'layers', diff_ids: ["sha256:$diff".toString()]]
        ])
        def configName = "${sha256(config)}.json".toString()
        Files.write(work.resolve(configName), config)
        Files.write(work.resolve('manifest.json'),
            json.writeValueAsBytes([[Config: configName, RepoTags: [name], Layers: ['layer.tar']]]))
        tar(file, work, 'manifest.json', configName, 'layer.tar')
    }

    private static void tar(Path file, Path directory, String... members) {
        Command.ok('tar', '-C', directory, '-cf', file, *members)
    }

    private static String sha256(byte[] bytes) {
        HexFormat.of().formatHex(MessageDigest.getInstance('SHA-256').digest(bytes))
    }
}
