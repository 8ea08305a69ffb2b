/**
 * What is wrong or doubtful in a configuration by itself: {@link dev.gantry.oci.rules.OciValidator}, and one class of
 * rules for each part of it.
 *
 * <p>What the host or Gantry cannot do is found by {@code dev.gantry.plan}, not here. Pure; knows the records and
 * {@code dev.gantry.error}, and never their JSON.
 */
package dev.gantry.oci.rules;
