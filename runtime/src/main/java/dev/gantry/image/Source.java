package dev.gantry.image;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Where images come from: contents by digest, none of which is trusted. */
interface Source extends AutoCloseable {
    /** An image that is there, under the names that the source has for it. */
    record Offer(List<String> names, Descriptor descriptor) {}

    /** Returns all that is there, in the source's order. */
    List<Offer> offers();

    /** Opens a content; the caller closes it, and compares its digest. */
    InputStream open(Descriptor wanted) throws IOException;

    @Override
    void close() throws IOException;
}
