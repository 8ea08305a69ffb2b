package dev.gantry.oci;

import java.util.List;

/**
 * Names a program that runs at a point of a container's life.
 *
 * @param path absolute
 * @param args {@code args[0]} included; empty means the path alone
 * @param env {@code NAME=value}; null for the environment of the runtime, or of the container's process where the hook
 *     runs in the container
 * @param timeout seconds, 1 or more; null waits forever
 */
public record Hook(String path, List<String> args, List<String> env, Integer timeout) {
    public Hook {
        args = Copies.list(args);
        env = env == null ? null : List.copyOf(env);
    }
}
