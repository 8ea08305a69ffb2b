package dev.gantry.dsl.live;

import dev.gantry.dsl.word.Called;
import dev.gantry.value.RootFiles;
import groovy.lang.GString;

/** The files of a running container: {@code box.fs['/etc/hosts']}. No program in the container is needed. */
@Called("files of a container")
public final class ContainerFiles {
    private final RootFiles root;

    ContainerFiles(RootFiles root) {
        this.root = root;
    }

    /** Returns a file, which need not exist. */
    public ContainerFile getAt(String path) {
        return new ContainerFile(root, path);
    }

    /** Does the same for a text with values in it, which checked scripts would take for the name of a property. */
    public ContainerFile getAt(GString path) {
        return getAt(path.toString());
    }
}
