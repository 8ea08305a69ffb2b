/**
 * The terminal at which the user sits, for commands and for the prompt alike: raw mode, sizes, tables, and the keys
 * that leave a container. Start reading at {@link dev.gantry.terminal.HostTerminal}.
 *
 * <p>What only one of the two needs does not live here. Knows neither JLine nor the language of scripts nor commands.
 */
package dev.gantry.terminal;
