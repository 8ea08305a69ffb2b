/**
 * What is said about containers on both sides of the runtime: what a caller hands in and gets back, and the failures.
 *
 * <p>Records, enums, interfaces and exceptions that do nothing: no process, no file, no lock. They are part of the face
 * for callers in Java, whose other part, that acts, is {@code dev.gantry.runtime}; they lie below it because all that
 * works for the face speaks in them too.
 */
package dev.gantry.value;
