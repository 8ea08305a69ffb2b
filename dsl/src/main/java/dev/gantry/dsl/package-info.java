/**
 * The language of {@code .ctr.groovy} files for those who use it from Java: what runs, reads, checks, evaluates and
 * writes scripts. None of the packages below knows this one.
 *
 * <p>Makes no system call and prints nothing but what a script prints. Start with {@link dev.gantry.dsl.ScriptRunner},
 * which runs a file. The packages, each of which may know those before it as its own description says:
 *
 * <ul>
 *   <li>{@code word}: the vocabulary. To add a word, write a method with {@link dev.gantry.dsl.word.Keyword} on the
 *       class of its block: the compiler's checks, the messages about mistakes and the manual all read it from there.
 *   <li>{@code source}: the text of a script, and what is wrong in which line.
 *   <li>{@code rehearsal}: the check that tries a script and makes nothing.
 *   <li>{@code compile}: all that knows Groovy's compiler.
 *   <li>{@code block}: the blocks of a definition, which record and do nothing.
 *   <li>{@code live}: the script itself and the containers it drives.
 * </ul>
 */
package dev.gantry.dsl;
