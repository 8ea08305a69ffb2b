package dev.gantry.dsl.live;

import dev.gantry.dsl.word.Called;
import java.time.Instant;

/**
 * Something that has happened to a container.
 *
 * @param container its id
 * @param kind {@code create}, {@code start}, {@code pause}, {@code resume}, {@code oom} (memory has run out),
 *     {@code exit} or {@code delete}
 * @param status the exit status, or 128 plus the signal, with {@code exit}; -1 with others
 */
@Called("an event")
public record ContainerEvent(String container, String kind, int status, Instant time) {
    @Override
    public String toString() {
        return status < 0 ? "%s: %s".formatted(container, kind) : "%s: %s %d".formatted(container, kind, status);
    }
}
