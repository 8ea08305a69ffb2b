package dev.gantry.spec.support

import dev.gantry.cgroup.Hierarchies

/** Cgroups that others leave on the host: engines, and runtimes that make a parent for what is in it. */
class HostCgroups {
    /** Removes a cgroup and those below it, of which none has a process, from every hierarchy. */
    static void remove(String name) {
        Hierarchies.read().each { hierarchy ->
            def root = new File(hierarchy.mountPoint(), name)
            if (root.exists()) {
                def below = []
                root.eachDirRecurse { below << it }
                (below.reverse() + root).each { it.delete() }
            }
        }
    }
}
