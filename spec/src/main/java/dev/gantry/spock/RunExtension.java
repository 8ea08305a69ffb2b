package dev.gantry.spock;

import dev.gantry.fixture.FixtureRun;
import org.spockframework.runtime.extension.IGlobalExtension;
import org.spockframework.runtime.extension.ISpockExecution;

/** Deletes the containers of {@code @Ctr(scope = RUN)} at the end of a run. */
public final class RunExtension implements IGlobalExtension {
    private FixtureRun run;

    @Override
    public void executionStart(ISpockExecution execution) {
        run = FixtureRun.begin();
    }

    @Override
    public void executionStop(ISpockExecution execution) {
        run.end();
    }
}
