package dev.gantry.plan.compile;

import java.util.ArrayList;
import java.util.List;

/** Paths as words, without a file system. */
final class Paths {
    private Paths() {}

    /** Returns whether a path without {@code ..} is a directory or lies in it. */
    static boolean isBelow(String path, String directory) {
        return directory.equals("/") || path.equals(directory) || path.startsWith(directory + "/");
    }

    /** Normalises as {@code filepath.Clean("/" + path)} does in Go: absolute, and {@code ..} ends at the root. */
    static String clean(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/")) {
            if (part.equals("..") && !parts.isEmpty()) {
                parts.remove(parts.size() - 1);
            } else if (!part.isEmpty() && !part.equals(".") && !part.equals("..")) {
                parts.add(part);
            }
        }
        return "/" + String.join("/", parts);
    }
}
