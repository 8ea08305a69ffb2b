package dev.gantry.image.layer;

import dev.gantry.kernel.Entries;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FileMaker;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;
import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The layer that is being made, over the finished ones below it. Paths are walked here, one name at a time, as a
 * process of the container would walk them. Not thread-safe.
 */
final class LayerTree implements AutoCloseable {
    static final int MAX_LEVELS = 500;

    private static final int MAX_LINKS = 40; // as the kernel
    private static final int NEW_DIRECTORY = 0755;
    private static final long NANOS = 1_000_000_000L;
    private static final OpenFlag[] DIRECTORY = {OpenFlag.PATH, OpenFlag.DIRECTORY, OpenFlag.NOFOLLOW};

    private final Kernel kernel;
    private final Entries entries;
    private final FileMaker maker;
    private final boolean ownsAll;
    private final String opaque;
    private final Directory root;
    private final List<Fd> opened = new ArrayList<>();
    private final Map<String, FileTime> times = new LinkedHashMap<>();
    private List<String> lastWanted;
    private Place last;

    /**
     * Opens the layers.
     *
     * @param upper the host path of the directory of the layer that is being made; null to look only
     * @param lower the host paths of those below, the topmost first
     * @param ownsAll whether this process may give files away, and so keeps owners and devices
     */
    LayerTree(Kernel kernel, String upper, List<String> lower, boolean ownsAll) {
        this.kernel = kernel;
        this.entries = kernel.entries();
        this.maker = kernel.fileMaker();
        this.ownsAll = ownsAll;
        this.opaque = ownsAll ? "trusted.overlay.opaque" : "user.overlay.opaque";
        Fd above = upper == null ? null : open(upper);
        List<Fd> below = lower.stream().map(this::open).toList();
        this.root = Directory.root(kernel, opaque, above, below);
    }

    private Fd open(String path) {
        try {
            Fd directory = kernel.open(path, OpenFlag.PATH, OpenFlag.DIRECTORY);
            opened.add(directory);
            return directory;
        } catch (KernelException e) {
            opened.forEach(Fd::close);
            throw e;
        }
    }

    /** A directory of the image, with the names that lead to it through no link. */
    record Place(List<String> names, Directory directory) {
        String path(String name) {
            return String.join("/", names) + "/" + name;
        }
    }

    /** What becomes of a directory that a path leads through. */
    enum Way {
        /** It is looked at only; where there is none the path leads nowhere. */
        LOOK,
        /** It is made in the layer too, with the attributes of the one below, if there is any. */
        MAKE
    }

    /**
     * Returns the directory that a path leads to, links followed; empty if there is none. It stays this object's, and
     * open until the next call or a change of a directory.
     */
    Optional<Place> directory(List<String> path, Way way) throws IOException {
        if (way == Way.MAKE && last != null && path.equals(lastWanted)) {
            return Optional.of(last);
        }
        forget();
        Optional<Place> found = walk(path, way);
        if (found.isPresent() && way == Way.MAKE) {
            lastWanted = List.copyOf(path);
            last = found.get();
        }
        return found;
    }

    /** Closes the directory that was found last; to be called before one on its way may change. */
    void forget() {
        if (last != null) {
            last.directory().close();
            last = null;
        }
    }

    private Optional<Place> walk(List<String> path, Way way) throws IOException {
        Deque<Directory> way0 = new ArrayDeque<>();
        Deque<String> left = new ArrayDeque<>(path);
        List<String> names = new ArrayList<>();
        int links = 0;
        Directory at = root;
        try {
            while (!left.isEmpty()) {
                String name = left.pop();
                if (name.equals("..")) {
                    if (!names.isEmpty()) {
                        names.remove(names.size() - 1);
                        at.close();
                        at = way0.pop();
                    }
                    continue;
                }
                Optional<Node> node = at.find(name);
                if (node.isPresent() && node.get().isLink()) {
                    if (++links > MAX_LINKS) {
                        throw new RefusedEntry("its path has more than %d links".formatted(MAX_LINKS));
                    }
                    String target = at.link(name);
                    List<String> more = names(target);
                    for (int i = more.size() - 1; i >= 0; i--) {
                        left.push(more.get(i));
                    }
                    if (target.startsWith("/")) {
                        at.close();
                        way0.forEach(Directory::close);
                        way0.clear();
                        names.clear();
                        at = root;
                    }
                    continue;
                }
                Directory next = next(at, names, name, node, way);
                if (next == null) {
                    closeAll(at, way0);
                    return Optional.empty();
                }
                way0.push(at);
                names.add(name);
                if (names.size() > MAX_LEVELS) {
                    way0.push(next);
                    throw new RefusedEntry("it is more than %d directories deep".formatted(MAX_LEVELS));
                }
                at = next;
            }
        } catch (IOException | KernelException e) {
            closeAll(at, way0);
            throw e;
        }
        way0.forEach(Directory::close);
        return Optional.of(new Place(List.copyOf(names), at));
    }

    private static void closeAll(Directory at, Deque<Directory> others) {
        at.close();
        others.forEach(Directory::close);
    }

    private Directory next(Directory at, List<String> names, String name, Optional<Node> node, Way way)
            throws IOException {
        if (node.isPresent() && !node.get().isDirectory()) {
            if (way == Way.LOOK) {
                return null;
            }
            throw new RefusedEntry(
                    "`%s/%s` is no directory".formatted(names.isEmpty() ? "" : "/" + String.join("/", names), name));
        }
        if (node.isEmpty() && way == Way.LOOK) {
            return null;
        }
        if (way == Way.MAKE) {
            materialize(at, names, name, node);
        }
        return at.enter(name);
    }

    /** Makes a directory on the way in this layer. */
    private void materialize(Directory at, List<String> names, String name, Optional<Node> node) throws IOException {
        Optional<Node> own = Node.of(at.upper(), name);
        if (own.isPresent() && own.get().isDirectory()) {
            return;
        }
        if (node.isEmpty()) {
            makeDirectory(at, name);
            entries.permissions(at.upper(), name, NEW_DIRECTORY);
            return;
        }
        maker.directory(at.upper(), name, NEW_DIRECTORY);
        Directory.Found below = at.findBelow(name).orElseThrow();
        copyAttributes(below, name, at.upper(), name);
        node.get().stamp(entries, at.upper(), name, ownsAll);
        keepTime(names, name, node.get().modified());
    }

    /**
     * Makes a directory where this layer has none; what the layers below have under that name does not show in it if
     * the layer has hidden it.
     */
    void makeDirectory(Directory parent, String name) throws IOException {
        boolean wasHidden =
                Node.of(parent.upper(), name).filter(Node::isWhiteout).isPresent();
        if (wasHidden) {
            entries.remove(parent.upper(), name);
        }
        maker.directory(parent.upper(), name, NEW_DIRECTORY);
        if (wasHidden) {
            makeOpaque(parent.upper(), name);
        }
    }

    /** Hides all that the layers below have in a directory of this layer. */
    void makeOpaque(Fd parent, String name) {
        entries.setAttribute(parent, name, opaque, new byte[] {'y'});
    }

    /** Hides an entry of the layers below; what this layer itself has of that name stays. */
    void hide(Place parent, String name) throws IOException {
        Directory directory = parent.directory();
        Optional<Node> own = Node.of(directory.upper(), name);
        if (own.isPresent()) {
            if (own.get().isDirectory()) {
                makeOpaque(directory.upper(), name);
            }
        } else if (directory.findBelow(name).isPresent()) {
            entries.node(directory.upper(), name, 0020000, 0, 0);
        }
    }

    /** Removes what this layer has under a name, with all that is in it. */
    void removeOwn(Place parent, String name) throws IOException {
        Fd directory = parent.directory().upper();
        Optional<Node> own = Node.of(directory, name);
        if (own.isPresent() && own.get().isDirectory()) {
            TreeRemoval.remove(kernel, directory, name);
            String path = parent.path(name);
            times.keySet().removeIf(kept -> kept.equals(path) || kept.startsWith(path + "/"));
        } else if (own.isPresent()) {
            entries.remove(directory, name);
        }
    }

    /** Copies an entry of a layer below into this layer, where it has none, so that it can have another name. */
    void copyUp(Place parent, String name) throws IOException {
        Fd directory = parent.directory().upper();
        Directory.Found below = parent.directory().findBelow(name).orElseThrow();
        Node node = below.node();
        if (node.isLink()) {
            try (Fd link = kernel.openAt(below.directory(), name, OpenFlag.PATH, OpenFlag.NOFOLLOW)) {
                maker.link(directory, name, kernel.linkTarget(link));
            }
            if (ownsAll) {
                entries.own(directory, name, node.uid(), node.gid());
            }
        } else if (node.isRegular()) {
            new FileContent(kernel).copy(below.directory(), directory, name);
            node.stamp(entries, directory, name, ownsAll);
            copyAttributes(below, name, directory, name);
        } else {
            throw new RefusedEntry("it links to a node of another layer");
        }
        setTime(directory, name, node.modified());
    }

    private void copyAttributes(Directory.Found from, String name, Fd directory, String newName) {
        entries.attributes(from.directory(), name).forEach((attribute, value) -> {
            if (!attribute.contains(".overlay.")) {
                Attributes.set(entries, directory, newName, attribute, value);
            }
        });
    }

    /** Remembers the time that a directory has at the end, when nothing is made in it any more. */
    void keepTime(List<String> parents, String name, FileTime time) {
        times.put(String.join("/", parents) + "/" + name, time);
    }

    void setTime(Fd directory, String name, FileTime time) {
        long nanos = time.to(TimeUnit.NANOSECONDS);
        boolean fits = nanos != Long.MAX_VALUE && nanos != Long.MIN_VALUE;
        long seconds = time.to(TimeUnit.SECONDS);
        entries.time(directory, name, seconds, fits ? Math.floorMod(nanos, NANOS) : 0);
    }

    /** Sets the times of directories. */
    void finish() throws IOException {
        forget();
        for (Map.Entry<String, FileTime> time : times.entrySet()) {
            List<String> path = names(time.getKey());
            String name = path.isEmpty() ? "." : path.get(path.size() - 1);
            List<String> parents = path.isEmpty() ? path : path.subList(0, path.size() - 1);
            Optional<Place> parent = walk(parents, Way.LOOK);
            if (parent.isPresent()) {
                try (Directory directory = parent.get().directory()) {
                    if (Node.of(directory.upper(), name).isPresent()) {
                        setTime(directory.upper(), name, time.getValue());
                    }
                }
            }
        }
    }

    /**
     * Opens a regular file for reading, links followed; empty if there is none, or it is something else.
     */
    Optional<Fd> openFile(String path) throws IOException {
        List<String> wanted = names(path);
        for (int links = 0; links <= MAX_LINKS; links++) {
            if (wanted.isEmpty()) {
                return Optional.empty();
            }
            String name = wanted.get(wanted.size() - 1);
            Optional<Place> parent = walk(wanted.subList(0, wanted.size() - 1), Way.LOOK);
            if (parent.isEmpty() || name.equals("..")) {
                return Optional.empty();
            }
            try (Directory directory = parent.get().directory()) {
                Optional<Node> node = directory.find(name);
                if (node.filter(Node::isRegular).isPresent()) {
                    Fd layer = directory.upper() != null
                                    && Node.of(directory.upper(), name).isPresent()
                            ? directory.upper()
                            : directory.findBelow(name).orElseThrow().directory();
                    return Optional.of(kernel.openAt(layer, name, OpenFlag.NOFOLLOW, OpenFlag.NONBLOCK));
                }
                if (node.filter(Node::isLink).isEmpty()) {
                    return Optional.empty();
                }
                String target = directory.link(name);
                List<String> next = new ArrayList<>(
                        target.startsWith("/") ? List.of() : parent.get().names());
                next.addAll(names(target));
                wanted = next;
            }
        }
        return Optional.empty();
    }

    /** Returns the names in a path; empty ones and single dots are left out. */
    static List<String> names(String path) {
        List<String> names = new ArrayList<>();
        for (String name : path.split("/")) {
            if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return names;
    }

    /** Opens a directory of this layer once more, to be closed by the caller. */
    Fd reopen(Fd parent, String name) {
        return kernel.openAt(parent, name, DIRECTORY);
    }

    @Override
    public void close() {
        forget();
        opened.forEach(Fd::close);
    }
}
