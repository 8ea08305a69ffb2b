/** The Spock extension: what a specification that runs real containers wants from its machine. */
package dev.gantry.spock;
