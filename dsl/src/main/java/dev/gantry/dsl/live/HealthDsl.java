package dev.gantry.dsl.live;

import dev.gantry.dsl.source.Span;
import dev.gantry.dsl.word.Block;
import dev.gantry.dsl.word.Keyword;
import dev.gantry.error.Shown;
import dev.gantry.error.StateException;
import dev.gantry.io.OutputSearch;
import dev.gantry.kernel.ExitStatus;
import dev.gantry.value.TimeoutFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The block of {@code box.waitFor { }}: what must be true of the container, all of it. */
@Block("waitFor")
public final class HealthDsl extends WordsOnly {
    private static final int MAX_PORT = 65_535;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
    private static final int SHOWN_LINES = 10;
    private static final int KIB_BITS = 10;

    private final LiveContainer container;
    private final List<Check> checks = new ArrayList<>();

    /**
     * What must be true; what is lacking is empty if it is, and says more about it in lines of their own.
     *
     * @param written what the first process must have written; null for what must be true of a running container
     */
    private record Check(String what, Function<Duration, Optional<String>> lacking, Pattern written) {}

    HealthDsl(LiveContainer container) {
        this.container = container;
    }

    private void must(String what, BooleanSupplier holds) {
        checks.add(new Check(what, left -> holds.getAsBoolean() ? Optional.empty() : Optional.of(""), null));
    }

    @Keyword(value = "Waits until something listens on a TCP port of the container.", example = "port 80")
    public void port(int number) {
        requirePort("port", number);
        must("port " + number, () -> container.ports().contains(number));
    }

    private void requirePort(String word, int number) {
        if (number < 1 || number > MAX_PORT) {
            String text = "waitFor: `%s` must be from 1 to %d, not `%d`".formatted(word, MAX_PORT, number);
            throw container.session().mistake(Span.of(word, String.valueOf(number)), text);
        }
    }

    @Keyword(value = "Waits until the first process has written something since its start.", example = "log ~/ready/")
    public void log(Pattern pattern) {
        checks.add(new Check("log ~/%s/".formatted(pattern), left -> Optional.empty(), pattern));
    }

    @Keyword(value = "Waits until a command in the container ends well.", example = "command 'test', '-e', '/ready'")
    public void command(String... words) {
        checks.add(new Check("command `%s`".formatted(String.join(" ", words)), left -> lacking(left, words), null));
    }

    /** A command that takes longer than there is time for has not ended well either. */
    private Optional<String> lacking(Duration left, String... words) {
        if (left.isZero()) {
            return Optional.of("");
        }
        try {
            CommandResult result = container.exec(Map.of("timeout", left), words);
            return result.getExit() == 0 ? Optional.empty() : Optional.of(tail(result.getOut() + result.getErr()));
        } catch (TimeoutFailure e) {
            return Optional.of(tail(e.result().out() + e.result().err()));
        }
    }

    /** Waits until a web server in the container answers a request with a status. */
    @Keyword(
            value = "Waits until a web server on a TCP port of the container answers with a status.",
            example = "http 8080, '/health', 200")
    public void http(int number, String path, int status) {
        requirePort("http", number);
        String what = "http %d, `%s`, %d".formatted(number, path, status);
        checks.add(new Check(what, left -> lacking(number, path, status, left), null));
    }

    private Optional<String> lacking(int number, String path, int status, Duration left) {
        if (left.isZero()) {
            return Optional.of("");
        }
        if (!container.ports().contains(number)) {
            return Optional.of("\n  nothing listens");
        }
        String file = path.startsWith("/") ? path : "/" + path;
        Duration limit = left.compareTo(ANSWER_LIMIT) < 0 ? left : ANSWER_LIMIT;
        try {
            URI uri = new URI("http", null, "127.0.0.1", container.port(number), null, null, null).resolve(file);
            HttpRequest request = HttpRequest.newBuilder(uri).timeout(limit).build();
            HttpResponse<InputStream> response = Web.CLIENT.send(request, BodyHandlers.ofInputStream());
            response.body().close();
            int answer = response.statusCode();
            return answer == status ? Optional.empty() : Optional.of("\n  it answers with %d".formatted(answer));
        } catch (IOException e) {
            return Optional.of("\n  it does not answer: " + Shown.escaped(String.valueOf(e.getMessage())));
        } catch (IllegalArgumentException | URISyntaxException e) {
            String text = "waitFor: `%s` is no path of a URL".formatted(path);
            throw container.session().mistake(Span.of("http", path), text);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StateException("wait for `%s`: interrupted".formatted(container.getId()));
        }
    }

    /** Made when a script asks a web server first: it has a thread. */
    private static final class Web {
        static final HttpClient CLIENT = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY)
                .build();
    }

    @Keyword(value = "Waits until there is a file in the container.", example = "file '/run/ready'")
    public void file(String path) {
        must("file `%s`".formatted(path), () -> container.getFs().getAt(path).exists());
    }

    /** Waits for all of it, in the order of the block. What is written is searched from the beginning on. */
    void await(Duration limit) {
        Waiting waiting = new Waiting(limit);
        Map<Check, OutputSearch> searches = new IdentityHashMap<>();
        try {
            checks.stream()
                    .filter(check -> check.written() != null)
                    .forEach(check -> searches.put(check, container.search(operation(check), check.written())));
            for (Check check : checks) {
                OutputSearch search = searches.get(check);
                waiting.until(
                        operation(check),
                        () -> search == null ? lacking(check, waiting) : lacking(operation(check), search));
            }
        } finally {
            searches.values().forEach(OutputSearch::close);
        }
    }

    private String operation(Check check) {
        return "wait for `%s`: %s".formatted(container.getId(), check.what());
    }

    private Optional<String> lacking(Check check, Waiting waiting) {
        requireRunning(operation(check), "");
        return check.lacking().apply(waiting.left());
    }

    /** What was written stays written, even if the container is over. */
    private Optional<String> lacking(String operation, OutputSearch search) {
        String unseen = search.unseenBytes() == 0
                ? ""
                : "\n  (%d KiB of what it had written before were not kept, and not searched)"
                        .formatted(Math.max(1, search.unseenBytes() >> KIB_BITS));
        try {
            if (search.isFound()) {
                return Optional.empty();
            }
            if (!container.getStatus().equals("running") && !search.isFound()) { // it may have written before it ended
                requireRunning(operation, unseen);
            }
            return search.isFound() ? Optional.empty() : Optional.of(unseen);
        } catch (StackOverflowError e) {
            throw new StateException(
                    operation + ": the pattern is too complex for what is written",
                    "write it without groups that are repeated");
        }
    }

    private void requireRunning(String operation, String unseen) {
        String status = container.getStatus();
        if (!status.equals("running")) {
            String ending = container
                    .exit()
                    .map(exit -> "has ended with exit status " + exit.shell() + why(exit))
                    .orElse("is " + status);
            throw new StateException(
                    "%s: the container %s%s%s".formatted(operation, ending, tail(container.getLogs()), unseen));
        }
    }

    private String why(ExitStatus exit) {
        return container
                .live("wait for")
                .shortage(exit)
                .map(shortage -> ": it " + shortage)
                .orElse("");
    }

    private static String tail(String text) {
        List<String> lines = text.lines().toList();
        return lines.stream()
                .skip(Math.max(0, lines.size() - SHOWN_LINES))
                .map(line -> "\n  " + Shown.lines(line))
                .collect(Collectors.joining());
    }
}
