package dev.gantry.cgroup;

import dev.gantry.error.ContainerException;
import dev.gantry.error.StateException;
import dev.gantry.files.IoReason;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;
import dev.gantry.kernel.Signal;
import dev.gantry.plan.CgroupHierarchy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A container's cgroup: one directory in every hierarchy. Holds nothing open; any thread may use it.
 *
 * <p>The directories are paths on the host's cgroup file systems, which no container writes to but below its own.
 */
public final class Cgroup {
    private static final int ROUNDS = 200;
    private static final long ROUND_MILLIS = 10;
    private static final int THAW_ROUND = 10; // a process that is not frozen has ended by then

    /** Of a cgroup that was removed meanwhile, or a threaded one, whose processes are listed by the one above. */
    private static final Set<Errno> LISTS_NONE = EnumSet.of(Errno.ENOENT, Errno.ENODEV, Errno.EOPNOTSUPP);

    /** Of a path that names a control file, or that no file can have: a launch that failed did not get that far. */
    static final Set<Errno> WAS_NEVER_MADE = EnumSet.of(Errno.ENOTDIR, Errno.ENAMETOOLONG);

    private static final String FREEZER = "freezer.state";

    private final Kernel kernel;
    private final List<String> dirs;

    /** Creates the view of a cgroup that exists, or that may be gone already. */
    public Cgroup(Kernel kernel, List<String> dirs) {
        this.kernel = kernel;
        this.dirs = List.copyOf(dirs);
    }

    /**
     * Makes a directory and those above it in its hierarchy, ready to take processes.
     *
     * @param handDown the cgroup v2 controllers to enable in each directory on the way
     * @param known processes that may be in it already
     * @throws KernelException if one cannot be made, or {@code EBUSY} if it is there and holds processes already
     */
    public static void make(
            Kernel kernel, CgroupHierarchy hierarchy, String dir, List<String> handDown, Set<Integer> known) {
        List<String> fresh = new ArrayList<>();
        try {
            make(kernel, hierarchy, dir, handDown, known, fresh);
        } catch (RuntimeException e) {
            Collections.reverse(fresh);
            new Cgroup(kernel, fresh).removeEmpty();
            throw e;
        }
    }

    private static void make(
            Kernel kernel,
            CgroupHierarchy hierarchy,
            String dir,
            List<String> handDown,
            Set<Integer> known,
            List<String> all) {
        String made = hierarchy.mountPoint();
        boolean fresh = false;
        for (String name : dir.substring(made.length()).split("/")) {
            if (name.isEmpty()) {
                continue;
            }
            handDown(kernel, made, handDown);
            String parent = made;
            made = made + "/" + name;
            fresh = makeOne(kernel, made);
            if (fresh) {
                all.add(made);
            }
            if (hierarchy.has("cpuset") && !hierarchy.unified()) {
                inherit(kernel, parent, made, "cpuset.cpus", fresh);
                inherit(kernel, parent, made, "cpuset.mems", fresh);
            }
        }
        if (!fresh && !known.containsAll(pids(kernel, dir))) {
            throw new KernelException("mkdir", "container's cgroup is not empty: " + dir, Errno.EBUSY);
        }
    }

    private static boolean makeOne(Kernel kernel, String dir) {
        try {
            kernel.makeDirectory(dir, 0755);
            return true;
        } catch (KernelException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
            if (!Files.isDirectory(Path.of(dir))) {
                throw new KernelException("mkdir", dir, Errno.ENOTDIR);
            }
            return false;
        }
    }

    /**
     * A new v1 cpuset is empty and takes no process, nor anything that one below it could be given, before it has some
     * CPUs and memory nodes. One that is there already may be as empty: an engine makes that of a pod and leaves it so.
     */
    private static void inherit(Kernel kernel, String parent, String child, String file, boolean fresh) {
        if (fresh || read(child + "/" + file).isEmpty()) {
            write(kernel, child + "/" + file, read(parent + "/" + file));
        }
    }

    /** Best effort: a controller that the parent cannot hand down makes the write of its limit fail, with a reason. */
    private static void handDown(Kernel kernel, String dir, List<String> controllers) {
        for (String controller : controllers) {
            try {
                write(kernel, dir + "/cgroup.subtree_control", "+" + controller);
            } catch (KernelException e) {
                if (e.errno() == Errno.EROFS || e.errno() == Errno.EACCES) {
                    return;
                }
            }
        }
    }

    /**
     * Writes a control file in one write.
     *
     * @throws KernelException if the file is not there, or the kernel refuses the value
     */
    public static void write(Kernel kernel, String file, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        try (Fd fd = kernel.open(file, OpenFlag.WRONLY)) {
            kernel.write(fd, ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
        }
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Makes sure that a container can be put there.
     *
     * @param prefix of the error's message
     * @throws StateException if somebody's processes are there, or the cgroup is frozen
     */
    public void requireUnused(String operation) {
        for (String dir : dirs) {
            if (!Files.exists(Path.of(dir))) {
                continue;
            }
            if (!pids(kernel, dir).isEmpty()) {
                throw new StateException(operation, "container's cgroup is not empty: `%s`".formatted(dir), null);
            }
            boolean frozen = ControlFile.text(dir + "/freezer.state")
                            .filter("FROZEN"::equals)
                            .isPresent()
                    || ControlFile.text(dir + "/cgroup.freeze")
                            .filter("1"::equals)
                            .isPresent();
            if (frozen) {
                throw new StateException(
                        operation, "container's cgroup unexpectedly frozen: `%s`".formatted(dir), null);
            }
        }
    }

    /** Returns the directories, one a hierarchy. */
    public List<String> dirs() {
        return dirs;
    }

    /** Returns the pids of all processes in the cgroup and below it, as this process sees them. */
    public Set<Integer> pids() {
        Set<Integer> pids = new LinkedHashSet<>();
        dirs.forEach(dir -> addPids(kernel, dir, pids));
        return pids;
    }

    private static Set<Integer> pids(Kernel kernel, String dir) {
        Set<Integer> pids = new LinkedHashSet<>();
        addPids(kernel, dir, pids);
        return pids;
    }

    private static void addPids(Kernel kernel, String dir, Set<Integer> pids) {
        new CgroupTree(kernel, dir).forEach(each -> {
            try {
                for (String pid : Files.readAllLines(Path.of(each, "cgroup.procs"))) {
                    pids.add(Integer.valueOf(pid));
                }
            } catch (IOException e) {
                if (IoReason.errno(e).filter(LISTS_NONE::contains).isEmpty()) {
                    throw IoReason.failure("list the processes in `%s`".formatted(dir), e);
                }
            }
        });
    }

    /**
     * Kills every process in the cgroup and waits until all are gone, 2 s at most. What is frozen in a cgroup that the
     * container has made goes on first.
     *
     * @throws KernelException {@code EBUSY} if some are not, or another number if not all can be found: those that can
     *     are killed
     */
    public void killAll() {
        for (int round = 0; round < ROUNDS; round++) {
            Set<Integer> pids = new LinkedHashSet<>();
            RuntimeException failure = null;
            for (String dir : dirs) {
                try {
                    addPids(kernel, dir, pids);
                } catch (KernelException | ContainerException e) {
                    failure = e;
                }
            }
            pids.remove(0); // a process of another pid namespace, which cannot be ours to kill
            if (pids.isEmpty() && failure == null) {
                return;
            }
            if (round > 0 || !killAtOnce()) {
                pids.forEach(this::kill);
            }
            if (failure != null) {
                throw failure;
            }
            if (round == THAW_ROUND) {
                thaw();
            }
            pause();
        }
        throw new KernelException("kill", "processes of " + dirs, Errno.EBUSY);
    }

    /** Lets those go on that the container has frozen itself, on cgroup v1: they die only then. */
    public void thaw() {
        for (String dir : dirs) {
            if (Files.exists(Path.of(dir, FREEZER))) {
                new CgroupTree(kernel, dir).forEach(this::thaw);
            }
        }
    }

    private void thaw(String dir) {
        try {
            write(kernel, dir + "/" + FREEZER, "THAWED");
        } catch (KernelException e) {
            if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENODEV) {
                throw e;
            }
        }
    }

    /** On cgroup v2 alone the kernel does it by itself since Linux 5.14, and none escapes by forking. */
    private boolean killAtOnce() {
        String file = dirs.get(0) + "/cgroup.kill";
        if (dirs.size() != 1 || !Files.exists(Path.of(file))) {
            return false;
        }
        write(kernel, file, "1");
        return true;
    }

    private void kill(int pid) {
        try {
            kernel.kill(pid, Signal.KILL);
        } catch (KernelException e) {
            if (e.errno() != Errno.ESRCH) {
                throw e;
            }
        }
    }

    /**
     * Removes the directories with all that the container made below them; what is gone already is no error.
     *
     * @throws KernelException {@code EBUSY} if a process is still in one of them after 2 s
     */
    public void remove() {
        for (String dir : dirs) {
            for (int round = 1; !removeTree(dir); round++) {
                if (round == ROUNDS) {
                    throw new KernelException("rmdir", dir, Errno.EBUSY);
                }
                pause(); // a process that has been reaped may be counted for a moment longer
            }
        }
    }

    /** Removes those of the directories in which nobody and nothing is. */
    public void removeEmpty() {
        dirs.forEach(this::removeOne);
    }

    /** Returns whether the directory is gone; nearly always it has nothing below it. */
    private boolean removeTree(String dir) {
        if (removeOne(dir)) {
            return true;
        }
        new CgroupTree(kernel, dir).removeBelow();
        return removeOne(dir);
    }

    private boolean removeOne(String dir) {
        try {
            kernel.removeDirectory(dir);
            return true;
        } catch (KernelException e) {
            if (e.errno() != Errno.EBUSY && e.errno() != Errno.ENOENT && !WAS_NEVER_MADE.contains(e.errno())) {
                throw e;
            }
            return e.errno() != Errno.EBUSY;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(ROUND_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // goes on: a cleanup that stops half way leaves a mess
        }
    }
}
