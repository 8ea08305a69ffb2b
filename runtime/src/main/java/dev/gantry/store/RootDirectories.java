package dev.gantry.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.json.JsonCodec;
import dev.gantry.json.JsonObject;
import dev.gantry.json.JsonObjectBuilder;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.FileFacts;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;
import dev.gantry.value.RootDirectory;
import java.util.Optional;

/** Finds out which directory is a root. */
public final class RootDirectories {
    private RootDirectories() {}

    /** Returns the directory that these facts are about. */
    public static RootDirectory of(FileFacts facts) {
        return new RootDirectory(facts.device(), facts.inode(), facts.mount());
    }

    /**
     * Returns the root of a process that is no program of the container's yet.
     *
     * @return empty if this process may not look at it, as one that is not root may not before the program runs
     */
    public static Optional<RootDirectory> of(Kernel kernel, int pid) {
        try {
            return Optional.of(at(kernel, "/proc/%d/root".formatted(pid)));
        } catch (KernelException e) {
            return Optional.empty();
        }
    }

    /** Returns a directory of this machine. */
    public static RootDirectory at(Kernel kernel, String path) {
        try (Fd directory = kernel.open(path, OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            return of(kernel.facts(directory));
        }
    }

    /** Keeps one in a container's state. */
    static final class Codec implements JsonCodec<RootDirectory> {
        @Override
        public RootDirectory read(JsonObject json) {
            Long device = json.uint64Bits("device");
            Long inode = json.uint64Bits("inode");
            Long mount = json.uint64Bits("mount");
            return device == null || inode == null || mount == null ? null : new RootDirectory(device, inode, mount);
        }

        @Override
        public ObjectNode write(RootDirectory root) {
            return new JsonObjectBuilder()
                    .uint64Bits("device", root.device())
                    .uint64Bits("inode", root.inode())
                    .uint64Bits("mount", root.mount())
                    .node();
        }
    }
}
