package dev.gantry.image.layer;

import dev.gantry.kernel.Entries;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.KernelException;
import java.util.Set;

/** Which extended attributes of an image are kept. */
final class Attributes {
    private static final Set<String> KEPT =
            Set.of("security.capability", "system.posix_acl_access", "system.posix_acl_default");

    private static final Set<Errno> LOST = Set.of(Errno.EOPNOTSUPP, Errno.EPERM);

    private Attributes() {}

    /** Returns whether one is what overlayfs itself keeps beside files, with which a layer would forge others. */
    static boolean isOfOverlay(String attribute) {
        return attribute.startsWith("trusted.overlay.") || attribute.startsWith("user.overlay.");
    }

    /** Sets one that belongs to the file; labels of this machine's security modules are none of an image's business. */
    static void set(Entries entries, Fd directory, String name, String attribute, byte[] value) {
        boolean isKept = KEPT.contains(attribute) || attribute.startsWith("user.") || attribute.startsWith("trusted.");
        if (!isKept) {
            return;
        }
        try {
            entries.setAttribute(directory, name, attribute, value);
        } catch (KernelException e) {
            if (!LOST.contains(e.errno())) { // a file system without any, or a user who may not
                throw e;
            }
        }
    }
}
