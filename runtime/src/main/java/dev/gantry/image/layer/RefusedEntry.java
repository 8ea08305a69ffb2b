package dev.gantry.image.layer;

import java.io.IOException;

/** An archive has an entry that is not unpacked, and with it the whole layer is refused. */
public final class RefusedEntry extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedEntry(String why) {
        super(why);
    }
}
