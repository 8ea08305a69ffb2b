/**
 * Reads and writes JSON as trees, strictly and with errors a person can act on.
 *
 * <p>Depends on {@code dev.gantry.error}, Jackson's streaming parser and Jackson's tree nodes; never on
 * {@code ObjectMapper}, whose first use costs a cold JVM 60 to 105 ms (measured) where the streaming parser costs
 * 13 ms. For the same reason {@code JsonNode.toString()} is not called: it creates a mapper.
 *
 * <p>Start with {@link dev.gantry.json.Json} for whole documents, {@link dev.gantry.json.JsonObject} to take typed
 * members out of one, {@link dev.gantry.json.JsonObjectBuilder} for the way back and
 * {@link dev.gantry.json.JsonCodec} for nested ones. These packages run before the first line of any container, in a
 * cold JVM; hence loops where a stream or a lambda would do: each costs about half a millisecond there.
 */
package dev.gantry.json;
