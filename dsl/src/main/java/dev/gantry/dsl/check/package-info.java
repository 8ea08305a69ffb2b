/**
 * What the Groovy compiler asks while it checks a script: names and arguments are judged here, in the same words as when
 * a script runs.
 *
 * <p>May use {@code dev.gantry.dsl}, which knows this package by the name of one class only.
 */
package dev.gantry.dsl.check;
