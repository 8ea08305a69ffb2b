package dev.gantry.spec.support

import dev.gantry.cgroup.Hierarchies
import groovy.transform.Immutable
import groovy.transform.ToString
import java.nio.file.FileVisitResult
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.SimpleFileVisitor
import java.nio.file.attribute.BasicFileAttributes

/** What a container must leave as it found it: the host's mounts, cgroups, contained processes, and a state root. */
@Immutable
@ToString
class HostSnapshot {
    Set<String> mounts
    Set<String> cgroups
    Set<String> processes
    Set<String> files

    static HostSnapshot take(Path stateRoot) {
        new HostSnapshot(mounts(), cgroups(), processes(), below(stateRoot))
    }

    /** Names what is here and was not there before, one each. */
    List<String> beyond(HostSnapshot before) {
        [mount: mounts - before.mounts, cgroup: cgroups - before.cgroups, process: processes -
            before.processes, file: files - before.files]
                .collectMany { kind, left -> left.collect { "$kind $it".toString() } }
    }

    private static Set<String> mounts() {
        Files.readAllLines(Path.of('/proc/self/mountinfo')).collect { it.split(' ')[4..5].join(' ') } as Set
    }

    /**
     * Below our own cgroup in every hierarchy, where those of containers are made; beside it where there is v2 alone.
     */
    private static Set<String> cgroups() {
        def hierarchies = Hierarchies.read()
        hierarchies.collect { Path.of(it.mountPoint() + it.ownPath()) }.collectMany { own ->
            def root = hierarchies.size() == 1 ? own.parent : own
            directories(root)
        }*.toString() as Set
    }

    /** Others may remove theirs while we look, systemd for one. */
    private static List<Path> directories(Path root) {
        List<Path> found = []
        Files.walkFileTree(root, new SimpleFileVisitor<Path>() {
            @Override
            FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                found << dir
                FileVisitResult.CONTINUE
            }

            @Override
            FileVisitResult visitFileFailed(Path file, IOException gone) {
                FileVisitResult.CONTINUE
            }

            @Override
            FileVisitResult postVisitDirectory(Path dir, IOException gone) {
                FileVisitResult.CONTINUE
            }
        })
        found.findAll { Files.exists(it) }
    }

    /** Processes in a pid namespace other than ours, and gantry's own; not zombies that another process is to reap. */
    private static Set<String> processes() {
        def own = link('/proc/self/ns/pid')
        new File('/proc').list().findAll { it.isInteger() && !isZombieOfAnother(it) }.findAll { pid ->
            def other = link("/proc/$pid/ns/pid")
            (other && other != own) || link("/proc/$pid/exe")?.contains('gantry-init')
        }.collect { pid -> "$pid ${link("/proc/$pid/exe")}".toString() } as Set
    }

    private static boolean isZombieOfAnother(String pid) {
        try {
            def fields = Files.readString(Path.of("/proc/$pid/stat")).replaceAll(/^.*\) /, '').split(' ')
            fields[0] == 'Z' && fields[1].toLong() != ProcessHandle.current().pid()
        } catch (IOException ignored) {
            true // gone meanwhile
        }
    }

    private static Set<String> below(Path root) {
        if (!Files.exists(root)) {
            return [] as Set
        }
        Files.walk(root).withCloseable { walk ->
            walk.filter { it != root && !it.startsWith(root.resolve('.cache')) }.toList()
        }*.toString() as Set
    }

    private static String link(String path) {
        try {
            Files.readSymbolicLink(Path.of(path)).toString()
        } catch (IOException ignored) {
            null // gone meanwhile
        }
    }
}
