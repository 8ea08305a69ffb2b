package dev.gantry.kernel.jnr

import dev.gantry.kernel.Errno
import dev.gantry.kernel.FileMode
import dev.gantry.kernel.Kernel
import dev.gantry.kernel.OpenFlag
import dev.gantry.kernel.Resolve
import dev.gantry.kernel.Signal
import dev.gantry.kernel.TerminalModes
import java.lang.reflect.Modifier

/** The kernel's numbers as Java has them, on this machine or on what it is told by `os.arch` to be. */
class JavaNumbers {
    private static final List<Class> CONSTANTS = [Layouts, Numbers, FileMode, Kernel, TerminalModes]

    /** Prints each as `CLASS.NAME VALUE`. */
    static void main(String... args) {
        CONSTANTS.each { type ->
            type.declaredFields.findAll { Modifier.isStatic(it.modifiers) && it.type == int }.each {
                it.accessible = true
                println "${type.simpleName}.${it.name} ${it.getInt(null)}"
            }
        }
        [*OpenFlag.values(), *Signal.values(), *Errno.values()]
            .each { println "${it.class.simpleName}.${it.name()} ${it.number()}" }
        Resolve.values().each { println "Resolve.${it.name()} ${it.bits()}" }
    }

    /** Returns them by name as a JVM on that machine has them. */
    static Map<String, Long> of(String machine) {
        def java = new File(System.getProperty('java.home'), 'bin/java').path
        def process = new ProcessBuilder(java, '-Xshare:auto', '-XX:TieredStopAtLevel=1', "-Dos.arch=$machine",
                '-cp', System.getProperty('java.class.path'), JavaNumbers.name).redirectErrorStream(true).start()
        def text = process.inputStream.text
        assert process.waitFor() == 0: text
        text.readLines().collectEntries { def (name, value) = it.split(' '); [(name): value as long] }
    }
}
