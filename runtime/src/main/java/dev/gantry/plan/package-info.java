/**
 * The launch plan: everything that will be done to make a container or to add a process to one, as an ordered list of
 * small records, and the facts and options on which it depends.
 *
 * <p>Plans are made in {@code plan.compile}, which nothing here knows. Nothing here touches the kernel or the file
 * system. To add a step: a record in {@link dev.gantry.plan.ProcessStep}, {@link dev.gantry.plan.MountStep} or another
 * of that kind, an {@code Op}, a function in C. Depends on {@code oci}, {@code error} and {@code wire}. Start reading
 * at {@code LaunchPlan}.
 */
package dev.gantry.plan;
