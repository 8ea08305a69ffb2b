/**
 * The second meaning of a script: a check that tries each of its statements and makes nothing. What only a run could
 * tell is {@link dev.gantry.dsl.rehearsal.Unknown}, and a statement that needs it is given up.
 *
 * <p>May know {@code word} and {@code source}. The compiler, which rewrites scripts so that they call
 * {@link dev.gantry.dsl.rehearsal.Rehearsal}, knows this package and not the reverse: names are checked through
 * {@link dev.gantry.dsl.rehearsal.NameCheck}. No container and no block is known here.
 */
package dev.gantry.dsl.rehearsal;
