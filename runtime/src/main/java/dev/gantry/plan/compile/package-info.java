/**
 * What makes plans: {@link dev.gantry.plan.compile.PlanCompiler} is a pure function from an OCI config, facts about the
 * host and options to a {@link dev.gantry.plan.LaunchPlan}, and {@link dev.gantry.plan.compile.ExecCompiler} another
 * for a process that is added.
 *
 * <p>Each class beside them plans one part of it: {@code RootPlan}, {@code ProcessPlan}, {@code CgroupPlan} and others.
 * Nothing here touches the kernel or the file system. Depends on {@code plan}, {@code oci} and {@code error}.
 */
package dev.gantry.plan.compile;
