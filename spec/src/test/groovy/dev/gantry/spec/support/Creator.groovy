package dev.gantry.spec.support

import dev.gantry.runtime.Internals
import dev.gantry.kernel.jnr.LinuxKernel
import dev.gantry.oci.codec.OciReader
import dev.gantry.runtime.Gantry
import dev.gantry.runtime.GantryOptions
import dev.gantry.value.Definition
import dev.gantry.io.Stdio
import java.nio.file.Files
import java.nio.file.Path

/** A process of its own that makes containers, to be killed in the midst of it: state root, bundle, how many. */
class Creator {
    static void main(String[] args) {
        def bundle = Path.of(args[1])
        def config = OciReader.parse(Files.readAllBytes(bundle.resolve('config.json')), 'config.json')
        def gantry = Gantry.open(GantryOptions.at(Path.of(args[0])))
        def stdio = Stdio.none(LinuxKernel.load())
        (1..args[2].toInteger()).each { n ->
            def id = "created-${ProcessHandle.current().pid()}-$n"
            Internals.create(gantry, id, Definition.of(config, bundle), stdio)
            println id
            System.out.flush()
        }
        System.in.read() // until it is killed, or the one who launched it is gone
    }

    static Process launch(Path stateRoot, Path bundle, int count) {
        def java = ProcessHandle.current().info().command().get()
        new Command(java, '-Xshare:auto', '-XX:TieredStopAtLevel=1', '--enable-native-access=ALL-UNNAMED', '-cp',
                System.getProperty('java.class.path'), Creator.name, stateRoot, bundle, count)
                .startComplaining()
    }
}
