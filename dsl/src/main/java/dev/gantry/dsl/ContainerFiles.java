package dev.gantry.dsl;

import dev.gantry.runtime.ContainerRoot;

/** The files of a running container: {@code box.fs['/etc/hosts']}. No program in the container is needed. */
public final class ContainerFiles {
    private final ContainerRoot root;

    ContainerFiles(ContainerRoot root) {
        this.root = root;
    }

    /** Returns a file, which need not exist. */
    public ContainerFile getAt(String path) {
        return new ContainerFile(root, path);
    }
}
