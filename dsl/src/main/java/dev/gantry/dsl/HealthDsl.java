package dev.gantry.dsl;

import dev.gantry.error.StateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** The block of {@code box.waitFor { }}: what must be true of the container, all of it. */
public final class HealthDsl extends WordsOnly {
    private final LiveContainer container;
    private final List<Check> checks = new ArrayList<>();

    private record Check(String what, BooleanSupplier holds) {}

    HealthDsl(LiveContainer container) {
        this.container = container;
    }

    @Keyword(value = "Waits until something listens on a TCP port of the container.", example = "port 80")
    public void port(int number) {
        checks.add(new Check("port " + number, () -> container.ports().contains(number)));
    }

    @Keyword(value = "Waits until the first process has written something.", example = "log ~/ready/")
    public void log(Pattern pattern) {
        checks.add(new Check(
                "log ~/%s/".formatted(pattern),
                () -> pattern.matcher(container.getLogs()).find()));
    }

    @Keyword(value = "Waits until a command in the container ends well.", example = "command 'test', '-e', '/ready'")
    public void command(String... words) {
        checks.add(new Check(
                "command `%s`".formatted(String.join(" ", words)),
                () -> container.exec(Map.of(), words).getExit() == 0));
    }

    @Keyword(value = "Waits until there is a file in the container.", example = "file '/run/ready'")
    public void file(String path) {
        checks.add(new Check(
                "file `%s`".formatted(path), () -> container.getFs().getAt(path).exists()));
    }

    void await(Duration limit) {
        for (Check check : checks) {
            Waiting.until("wait for `%s`: %s".formatted(container.getId(), check.what()), limit, () -> {
                requireRunning(check);
                return check.holds().getAsBoolean();
            });
        }
    }

    private void requireRunning(Check check) {
        if (!container.getStatus().equals("running")) {
            String logs = container.getLogs();
            List<String> lines = logs.lines().toList();
            String tail = lines.isEmpty()
                    ? ""
                    : "\n  " + String.join("\n  ", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
            throw new StateException("wait for `%s`: %s: the container is %s%s"
                    .formatted(container.getId(), check.what(), container.getStatus(), tail));
        }
    }
}
