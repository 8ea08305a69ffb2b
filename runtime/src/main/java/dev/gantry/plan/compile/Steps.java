package dev.gantry.plan.compile;

import dev.gantry.error.Place;
import dev.gantry.error.Problems;
import dev.gantry.error.SourceMap;
import dev.gantry.plan.LaunchPlan;
import dev.gantry.plan.Origin;
import dev.gantry.plan.PlannedStep;
import dev.gantry.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A plan while it is made: steps in order, each with its origin. Not thread-safe. */
final class Steps {
    /** The origin of what every container gets. */
    static final String DEFAULT = "default";

    private final List<PlannedStep> steps = new ArrayList<>();
    private final SourceMap sources;

    Steps(SourceMap sources) {
        this.sources = sources;
    }

    Steps add(String ociPath, Step step) {
        Optional<Place> place = ociPath.equals(DEFAULT) ? Optional.empty() : sources.find(ociPath);
        steps.add(new PlannedStep(step, new Origin(ociPath, place)));
        return this;
    }

    LaunchPlan plan(Problems problems) {
        return new LaunchPlan(steps, problems.warnings());
    }
}
