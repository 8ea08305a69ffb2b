/**
 * The terminal at which the user sits, for commands and for the prompt alike: raw mode, sizes, and the keys by which one
 * leaves a container. Knows neither JLine nor the language of scripts.
 */
package dev.gantry.terminal;
