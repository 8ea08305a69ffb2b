/**
 * Everything that knows Groovy's compiler: what rewrites a script, checks its names, compiles it, keeps what was
 * compiled, and puts the compiler's messages into Gantry's words. What a later Groovy breaks is here.
 *
 * <p>May know {@code word}, {@code source} and {@code rehearsal}. What a script extends is handed in: neither the
 * blocks nor the containers of scripts are known here. Start with {@link dev.gantry.dsl.compile.ScriptCompiler}.
 */
package dev.gantry.dsl.compile;
