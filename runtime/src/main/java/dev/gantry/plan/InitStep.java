package dev.gantry.plan;

/** A step that {@code gantry-init} performs, in the process that becomes the container's. */
public sealed interface InitStep extends Step
        permits ProcessStep,
                NamespaceStep,
                PrivilegeStep,
                SourceStep,
                RootStep,
                MountStep,
                NodeStep,
                ScheduleStep,
                HookStep {}
