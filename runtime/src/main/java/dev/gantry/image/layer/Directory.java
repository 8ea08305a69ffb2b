package dev.gantry.image.layer;

import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One directory of an image as overlayfs shows it: that of the layer which is being made, where it has one, over those
 * of the layers below. Closes its descriptors when it is closed, but for those of the root, which are the caller's.
 */
final class Directory implements AutoCloseable {
    private static final OpenFlag[] OPENED = {OpenFlag.PATH, OpenFlag.DIRECTORY, OpenFlag.NOFOLLOW};
    private static final byte YES = 'y';

    private final Kernel kernel;
    private final String opaque;
    private final boolean isRoot;
    private final List<Fd> lower;
    private Fd upper;

    private Directory(Kernel kernel, String opaque, boolean isRoot, Fd upper, List<Fd> lower) {
        this.kernel = kernel;
        this.opaque = opaque;
        this.isRoot = isRoot;
        this.upper = upper;
        this.lower = lower;
    }

    /** Returns the root of all layers; {@code lower} begins with the topmost. */
    static Directory root(Kernel kernel, String opaque, Fd upper, List<Fd> lower) {
        return new Directory(kernel, opaque, true, upper, lower);
    }

    /** Returns the directory in the layer that is being made; null if it has none. */
    Fd upper() {
        return upper;
    }

    /** Takes what was made in that layer. */
    void setUpper(Fd made) {
        upper = made;
    }

    /** Returns what an entry is, as the container would see it; empty if there is none, or it is hidden. */
    Optional<Node> find(String name) throws IOException {
        for (Fd layer : layers()) {
            Optional<Node> found = Node.of(layer, name);
            if (found.isPresent()) {
                return found.filter(node -> !node.isWhiteout());
            }
        }
        return Optional.empty();
    }

    /** Returns the entry in the layers below, as if nothing were in the one that is being made. */
    Optional<Found> findBelow(String name) throws IOException {
        for (Fd layer : lower) {
            Optional<Node> found = Node.of(layer, name);
            if (found.isPresent()) {
                return found.filter(node -> !node.isWhiteout()).map(node -> new Found(layer, node));
            }
        }
        return Optional.empty();
    }

    /** Returns the names in the directories of the layers below, hidden ones too. */
    Set<String> namesBelow() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Fd layer : lower) {
            names.addAll(TreeRemoval.names(layer));
        }
        return names;
    }

    /** An entry, and the directory of the one layer in which it lies. */
    record Found(Fd directory, Node node) {}

    /** Returns what a link says. */
    String link(String name) throws IOException {
        for (Fd layer : layers()) {
            if (Node.of(layer, name).isPresent()) {
                try (Fd link = kernel.openAt(layer, name, OpenFlag.PATH, OpenFlag.NOFOLLOW)) {
                    return kernel.linkTarget(link);
                }
            }
        }
        throw new RefusedEntry("a link is gone");
    }

    /** Opens an entry that {@link #find} says is a directory. The caller closes it. */
    Directory enter(String name) throws IOException {
        Fd above = null;
        List<Fd> below = new ArrayList<>();
        try {
            for (Fd layer : layers()) {
                Optional<Node> found = Node.of(layer, name);
                if (found.isEmpty()) {
                    continue;
                }
                if (!found.get().isDirectory()) {
                    break;
                }
                Fd opened = kernel.openAt(layer, name, OPENED);
                if (layer == upper) {
                    above = opened;
                } else {
                    below.add(opened);
                }
                if (isOpaque(layer, name)) {
                    break;
                }
            }
            return new Directory(kernel, opaque, false, above, below);
        } catch (IOException | KernelException e) {
            close(above, below);
            throw e;
        }
    }

    private boolean isOpaque(Fd layer, String name) {
        byte[] value = kernel.entries().attributes(layer, name).get(opaque);
        return value != null && value.length == 1 && value[0] == YES;
    }

    private List<Fd> layers() {
        if (upper == null) {
            return lower;
        }
        List<Fd> all = new ArrayList<>(lower.size() + 1);
        all.add(upper);
        all.addAll(lower);
        return all;
    }

    @Override
    public void close() {
        if (!isRoot) {
            close(upper, lower);
        }
    }

    private static void close(Fd upper, List<Fd> lower) {
        if (upper != null) {
            upper.close();
        }
        lower.forEach(Fd::close);
    }
}
