package dev.gantry.oci;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the collections of the records: copies that cannot be modified, empty for null. */
final class Copies {
    private Copies() {}

    static <T> List<T> list(List<T> items) {
        return items == null ? List.of() : List.copyOf(items);
    }

    /** Unlike {@link Map#copyOf}, keeps the order. */
    static <T> Map<String, T> map(Map<String, T> entries) {
        return entries == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }
}
