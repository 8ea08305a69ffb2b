package dev.gantry.io;

import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;

/** Polls descriptors of which some are not there. */
final class PollTable {
    private PollTable() {}

    /**
     * Polls those that are not null for reading, the last for an event: an end that is closed would be ready for ever.
     *
     * @return what happened to each, by its place; 0 for those that are null
     */
    static int[] poll(Kernel kernel, Fd[] all, int lastEvent, int timeoutMillis) {
        List<Fd> fds = new ArrayList<>();
        int[] events = new int[all.length];
        int[] ready = new int[all.length];
        for (int i = 0; i < all.length; i++) {
            if (all[i] != null) {
                events[fds.size()] = i == all.length - 1 ? lastEvent : Kernel.POLLIN;
                fds.add(all[i]);
            }
        }
        int[] found = kernel.poll(fds, events, timeoutMillis);
        for (int i = 0, next = 0; i < all.length; i++) {
            ready[i] = all[i] == null ? 0 : found[next++];
        }
        return ready;
    }
}
