package dev.gantry.io;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A search for text in what a container writes, which goes on until the text was found or nobody wants it any more.
 * What was found stays found. Thread-safe.
 */
public final class OutputSearch implements AutoCloseable {
    /** So much of what was searched before is searched again, with what comes after it. */
    private static final int OVERLAP_BYTES = 65_536;

    private final ContainerOutput output;
    private final Pattern pattern;
    private final long unseenBytes;
    private byte[] before = new byte[0];
    private boolean isBegin = true;
    private boolean found;
    private StackOverflowError failure;

    /** @param unseenBytes how much had been written that is not kept any more */
    OutputSearch(ContainerOutput output, Pattern pattern, long unseenBytes) {
        this.output = output;
        this.pattern = pattern;
        this.unseenBytes = unseenBytes;
    }

    /** Takes what was written next; returns whether there is more to look for. */
    boolean add(byte[] bytes) {
        ByteArrayOutputStream window = new ByteArrayOutputStream();
        window.writeBytes(before);
        window.writeBytes(bytes);
        byte[] all = window.toByteArray();
        try {
            found = isIn(new String(all, StandardCharsets.UTF_8));
        } catch (StackOverflowError e) { // the pattern is the user's, the thread is not
            failure = e;
        }
        int cut = Math.max(0, all.length - OVERLAP_BYTES);
        before = Arrays.copyOfRange(all, cut, all.length);
        isBegin &= cut == 0;
        return !found && failure == null;
    }

    /** What comes next does not follow what came before. */
    void gap() {
        before = new byte[0];
        isBegin = false;
    }

    /** In the middle of what was written, its first character is no beginning. */
    private boolean isIn(String text) {
        Matcher matcher = pattern.matcher(text);
        if (!isBegin && !text.isEmpty()) {
            matcher.region(1, text.length()).useAnchoringBounds(false).useTransparentBounds(true);
        }
        return matcher.find();
    }

    /**
     * Returns whether the text has been written by now.
     *
     * @throws StackOverflowError if the pattern cannot be searched for in what is written
     */
    public boolean isFound() {
        output.drain();
        synchronized (output) {
            if (failure != null) {
                throw failure;
            }
            return found;
        }
    }

    /** Returns how many bytes, written before the search began, were not kept until then and so are not searched. */
    public long unseenBytes() {
        return unseenBytes;
    }

    @Override
    public void close() {
        output.end(this);
    }
}
