/**
 * The blocks of a definition: they record what a script says and what it says wrongly, under the names of the OCI
 * specification, and make a config of it.
 *
 * <p>Nothing here acts: no container is made, changed or asked, so neither {@code live} nor {@code runtime.Gantry} is
 * known. May know {@code word}, {@code source} and {@code rehearsal}. Start with
 * {@link dev.gantry.dsl.block.ContainerDsl}, the outermost block, and {@link dev.gantry.dsl.block.DefinitionBuilder},
 * which runs it.
 */
package dev.gantry.dsl.block;
