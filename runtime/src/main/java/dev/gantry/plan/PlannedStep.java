package dev.gantry.plan;

/** A step and why it is there. */
public record PlannedStep(Step step, Origin origin) {}
