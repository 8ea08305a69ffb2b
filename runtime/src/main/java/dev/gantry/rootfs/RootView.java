package dev.gantry.rootfs;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FileFacts;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;
import dev.gantry.kernel.Resolve;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The files beneath the root that a container's first process has now. Nothing that is found lies elsewhere, and what a
 * method returns is the caller's to close. The root stays the caller's. Not thread-safe.
 */
final class RootView {
    private static final int MOST_LINKS = 40;
    private static final int MOST_LEVELS = 600; // links lead deeper than any path that the kernel takes at once

    private final Kernel kernel;
    private final Fd root;
    private final FileRights rights;

    RootView(Kernel kernel, Fd root, FileRights rights) {
        this.kernel = kernel;
        this.root = root;
        this.rights = rights;
    }

    FileRights rights() {
        return rights;
    }

    /** Finds what a path leads to. */
    Fd find(String path) throws IOException {
        return rights.areOurs()
                ? kernel.openBeneath(root, path, Resolve.IN_ROOT, OpenFlag.PATH)
                : new Walk(path).result();
    }

    /** Finds a directory. */
    Fd findDirectory(String path) throws IOException {
        return rights.areOurs()
                ? kernel.openBeneath(root, path, Resolve.IN_ROOT, OpenFlag.PATH, OpenFlag.DIRECTORY)
                : new Walk(path.isEmpty() ? path : path + "/").result();
    }

    /** Finds an entry of a directory, a link itself if it is one. */
    Fd entry(Fd directory, String name) throws IOException {
        if (!rights.areOurs()) {
            rights.requireSearchable(kernel.facts(directory));
        }
        return kernel.openBeneath(directory, name, Resolve.BENEATH, OpenFlag.PATH, OpenFlag.NOFOLLOW);
    }

    /**
     * A way from the root to what a path leads to, one name at a time: the kernel would let this process through
     * directories that are closed to the container's root. Each directory on the way is held by a descriptor, of which
     * there are not many.
     */
    private final class Walk {
        private final String path;
        private final Deque<String> names = new ArrayDeque<>();
        private final List<Fd> way = new ArrayList<>(); // without the root, which is not left by ".."
        private int links;

        Walk(String path) {
            this.path = path;
        }

        Fd result() throws IOException {
            try {
                if (path.isEmpty()) {
                    throw failure(Errno.ENOENT);
                }
                follow(path);
                while (!names.isEmpty()) {
                    step(names.pop());
                }
                return way.isEmpty()
                        ? kernel.openBeneath(root, ".", Resolve.BENEATH, OpenFlag.PATH)
                        : way.remove(way.size() - 1);
            } finally {
                leave();
            }
        }

        private void step(String name) throws IOException {
            Fd here = way.isEmpty() ? root : way.get(way.size() - 1);
            FileFacts facts = kernel.facts(here);
            if (!facts.isDirectory()) {
                throw failure(Errno.ENOTDIR);
            }
            rights.requireSearchable(facts);
            if (name.equals("..") && !way.isEmpty()) {
                way.remove(way.size() - 1).close();
            } else if (!name.equals("..") && !name.equals(".")) {
                enter(kernel.openBeneath(here, name, Resolve.BENEATH, OpenFlag.PATH, OpenFlag.NOFOLLOW));
            }
        }

        private void enter(Fd next) {
            way.add(next);
            if (way.size() > MOST_LEVELS) {
                throw failure(Errno.ENAMETOOLONG);
            }
            if (!kernel.facts(next).isLink()) {
                return;
            }
            if (++links > MOST_LINKS) {
                throw failure(Errno.ELOOP);
            }
            String target = kernel.linkTarget(next);
            way.remove(way.size() - 1).close();
            follow(target);
        }

        /** Puts the names of a path before those that are still to come. */
        private void follow(String target) {
            if (target.startsWith("/")) {
                leave();
            }
            List<String> parts = new ArrayList<>(List.of(target.split("/")));
            if (target.endsWith("/")) {
                parts.add("."); // what it leads to must be a directory
            }
            for (int i = parts.size() - 1; i >= 0; i--) {
                if (!parts.get(i).isEmpty()) {
                    names.push(parts.get(i));
                }
            }
        }

        private void leave() {
            way.forEach(Fd::close);
            way.clear();
        }

        private KernelException failure(Errno errno) {
            return new KernelException("openat2", path, errno);
        }
    }
}
