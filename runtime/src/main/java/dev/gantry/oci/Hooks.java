package dev.gantry.oci;

import java.util.List;

/**
 * Lists the programs to run at points of a container's life; each list in the order they run.
 *
 * @param prestart deprecated by the specification; runs right before {@code createRuntime}
 * @param createRuntime on the host, once the container's namespaces exist
 * @param createContainer in the container's namespaces, before its root is pivoted to
 * @param startContainer in the container, right before its program
 * @param poststart on the host, after the program was started
 * @param poststop on the host, after the container was deleted
 */
public record Hooks(
        List<Hook> prestart,
        List<Hook> createRuntime,
        List<Hook> createContainer,
        List<Hook> startContainer,
        List<Hook> poststart,
        List<Hook> poststop) {
    public Hooks {
        prestart = Copies.list(prestart);
        createRuntime = Copies.list(createRuntime);
        createContainer = Copies.list(createContainer);
        startContainer = Copies.list(startContainer);
        poststart = Copies.list(poststart);
        poststop = Copies.list(poststop);
    }
}
