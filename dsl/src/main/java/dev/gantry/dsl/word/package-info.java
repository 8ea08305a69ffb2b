/**
 * The vocabulary: what makes a method a word of the language, what words there are, how messages speak of words and
 * values, and the units of numbers.
 *
 * <p>Nothing here reads a script or acts on a container. Knows none of the other packages of {@code dev.gantry.dsl};
 * the class of the script, which everything else is part of, is known by its name only
 * ({@link dev.gantry.dsl.word.Keywords#SCRIPT}). Start with {@link dev.gantry.dsl.word.Keyword}.
 */
package dev.gantry.dsl.word;
