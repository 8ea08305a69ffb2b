/**
 * systemd as the maker of cgroups: its manager on the system's D-Bus. Loaded only where it is asked for.
 */
package dev.gantry.systemd;
