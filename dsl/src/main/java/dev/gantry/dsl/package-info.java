/**
 * The language of {@code .ctr.groovy} files: typed blocks that record a definition, and the objects a script drives.
 *
 * <p>May use {@code runtime} and Groovy; makes no system call and prints nothing but what a script prints. Start with
 * {@link dev.gantry.dsl.ScriptRunner}, which runs a file, and {@link dev.gantry.dsl.block.ContainerDsl}, the outermost block.
 * To add a word, write a method with {@link dev.gantry.dsl.word.Keyword} on the block's class: the compiler's checks, the
 * messages about mistakes and the manual all read it from there.
 */
package dev.gantry.dsl;
