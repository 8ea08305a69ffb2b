/**
 * The errors a user can meet: one unchecked family, distinguished by {@link dev.gantry.error.ErrorKind}.
 *
 * <p>Depends on nothing but the JDK. Start with {@link dev.gantry.error.ContainerException}; code that checks
 * input collects into {@link dev.gantry.error.Problems} and throws once.
 */
package dev.gantry.error;
