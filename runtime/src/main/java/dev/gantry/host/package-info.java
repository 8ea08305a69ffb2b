/**
 * The facts about this machine on which plans are made, and what of a config they change: read here, so that
 * {@code plan} stays pure.
 *
 * <p>Start reading at {@link dev.gantry.host.HostFacts}. Reads and changes nothing; never knows a container, only
 * configs.
 */
package dev.gantry.host;
