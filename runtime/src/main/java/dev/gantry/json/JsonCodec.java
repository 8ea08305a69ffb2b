package dev.gantry.json;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Reads and writes the objects that stand for one type. An interface to be implemented by named classes rather than a
 * pair of lambdas: some fifty lambdas would cost a cold JVM 25 ms (measured, with class data sharing) per config.
 */
public interface JsonCodec<T> {
    /** Reads a value; what does not fit is left to the object to report, and absent in the value. */
    T read(JsonObject json);

    /** Writes a value as a new tree. */
    ObjectNode write(T value);
}
