/** The Spock extension: containers as fields of a specification, and what one wants from its machine. */
package dev.gantry.spock;
