package dev.gantry.cli.script;

import dev.gantry.dsl.live.ScriptEvents;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.error.Shown;
import dev.gantry.json.Json;
import dev.gantry.json.JsonObjectBuilder;
import dev.gantry.text.Secrets;
import dev.gantry.value.ExecResult;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** What a script did, for people and machines that did not watch: a summary, a JUnit file, a log. Thread-safe. */
final class ScriptReport implements ScriptEvents {
    private static final double MILLIS = 1_000.0;
    private static final Pattern NOT_IN_XML =
            Pattern.compile("[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]");
    private static final String WARNING = "gantry: warning: ";

    private final String script;
    private final Secrets secrets;
    private final PrintStream log;
    private final List<Case> cases = new ArrayList<>();
    private final List<String> summary = new ArrayList<>();
    private final List<String> shortages = new ArrayList<>();

    private final Set<Throwable> reported = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Instant begin = Instant.now();
    private final long beginNanos = System.nanoTime(); // a clock that nobody sets
    private boolean over;

    /** What did not go well: {@code error} if nobody had asked whether it does. */
    /** @param thrown null if nothing was */
    private record Trouble(String element, String type, String message, Throwable thrown) {
        Trouble(String element, String type, String message) {
            this(element, type, message, null);
        }

        static Trouble of(Throwable thrown) {
            if (thrown == null) {
                return null;
            }
            boolean isChecked = thrown instanceof AssertionError
                    || thrown instanceof ContainerException known && known.kind() == ErrorKind.COMMAND_FAILED;
            String message = thrown.getMessage() == null
                    ? thrown.toString()
                    : thrown.getMessage().stripTrailing();
            return new Trouble(
                    isChecked ? "failure" : "error", thrown.getClass().getSimpleName(), message, thrown);
        }
    }

    private static final Trouble UNFINISHED = new Trouble(
            "error", "Unfinished", "the script has not come to its end: it still runs, or its process was ended");

    private record Case(String name, Duration duration, Trouble trouble, String out, String err) {
        Case forgiven() {
            return new Case(name, duration, null, out, err + "tried again: " + trouble.message() + "\n");
        }
    }

    /**
     * Creates a report.
     *
     * @param secrets masked in the JUnit file
     * @param log masks them itself; receives a JSON object a line for everything that happens; null for none
     */
    ScriptReport(String script, Secrets secrets, PrintStream log) {
        this.script = script;
        this.secrets = secrets;
        this.log = log;
    }

    @Override
    public synchronized void checked(ExecResult result, RuntimeException failure) {
        String name = result.words();
        reported.add(failure);
        cases.add(new Case(name, result.duration(), Trouble.of(failure), result.out(), result.err()));
        log(
                "exec",
                new JsonObjectBuilder()
                        .string("command", name)
                        .number("exit", (long) result.exit())
                        .number("millis", result.duration().toMillis()));
    }

    @Override
    public synchronized void step(String name, Duration duration, Throwable failure) {
        reported.add(failure);
        Trouble trouble = Trouble.of(failure);
        cases.add(new Case(name, duration, trouble, "", ""));
        log(
                "step",
                new JsonObjectBuilder()
                        .string("name", name)
                        .string("failure", trouble == null ? null : trouble.message())
                        .number("millis", duration.toMillis()));
    }

    @Override
    public synchronized void forgiven(Throwable failure) {
        Set<Throwable> all = Collections.newSetFromMap(new IdentityHashMap<>());
        collect(failure, all);
        cases.replaceAll(
                test -> test.trouble() != null && all.contains(test.trouble().thrown()) ? test.forgiven() : test);
    }

    private static void collect(Throwable failure, Set<Throwable> all) {
        if (failure != null && all.add(failure)) {
            collect(failure.getCause(), all);
            List.of(failure.getSuppressed()).forEach(other -> collect(other, all));
        }
    }

    @Override
    public synchronized void made(String id) {
        log("made", new JsonObjectBuilder().string("container", id));
    }

    @Override
    public synchronized void ended(String id, String status, int exit, String shortage, Duration lifetime) {
        String ending = exit < 0 ? status : "%s with %d".formatted(status, exit);
        summary.add("%-20s %-20s %8.1f s%s"
                .formatted(id, ending, lifetime.toMillis() / MILLIS, shortage.isEmpty() ? "" : "  it " + shortage));
        if (!shortage.isEmpty()) {
            shortages.add("container `%s` %s".formatted(id, shortage));
        }
        log(
                "ended",
                new JsonObjectBuilder()
                        .string("container", id)
                        .string("status", status)
                        .number("exit", exit < 0 ? null : (long) exit)
                        .string("shortage", shortage.isEmpty() ? null : shortage)
                        .number("millis", lifetime.toMillis()));
    }

    /**
     * Tells of the script's end by an error, which becomes a test case unless one of those there has brought it about.
     *
     * @param thrown null if it was ended by its time limit
     */
    synchronized void failed(Throwable thrown, String line) {
        over = true;
        if (Stream.iterate(thrown, Objects::nonNull, Throwable::getCause).noneMatch(reported::contains)) {
            Trouble trouble = Trouble.of(thrown);
            cases.add(whole(new Trouble(
                    trouble == null ? "error" : trouble.element(),
                    trouble == null ? "Timeout" : trouble.type(),
                    line)));
        }
        log("error", new JsonObjectBuilder().string("message", line));
    }

    /** Tells of the script's end; a bad status becomes a test case if no other tells of trouble. */
    synchronized void exited(int status) {
        over = true;
        if (status != 0 && cases.stream().allMatch(test -> test.trouble() == null)) {
            cases.add(whole(new Trouble("failure", "ExitStatus", "exit status " + status + reasons())));
        }
    }

    private String reasons() {
        return shortages.stream().map(shortage -> "\n  " + shortage).collect(Collectors.joining());
    }

    /** Returns the script itself as a test case. */
    private Case whole(Trouble trouble) {
        return new Case(script, elapsed(), trouble, "", "");
    }

    /** Takes a line that would have been written beside the log. */
    synchronized void line(String text) {
        boolean warning = text.startsWith(WARNING);
        log(
                warning ? "warning" : "stderr",
                new JsonObjectBuilder().string("message", warning ? text.substring(WARNING.length()) : text));
    }

    private void log(String event, JsonObjectBuilder details) {
        if (log != null) {
            log.println(Json.compact(details.string("time", Instant.now().toString())
                    .string("event", event)
                    .string("script", script)
                    .node()));
        }
    }

    /** Prints a line for each container that has been. */
    synchronized void printSummary(PrintStream out) {
        summary.forEach(out::println);
    }

    /**
     * Writes what CI systems read if the script's process does not come to write the rest: an error. Nothing that is no
     * regular file, such as a pipe, is written to twice.
     */
    void beginJUnit(Path file) throws IOException {
        if (Files.isRegularFile(file) || Files.notExists(file)) {
            writeJUnit(file);
        }
    }

    /**
     * Writes the file that CI systems read, and the directories above it; there is never half a file. As long as
     * nobody has told of the script's end, that is an error.
     */
    synchronized void writeJUnit(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            writeTo(file);
            return;
        }
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path draft = target.resolveSibling(target.getFileName() + ".new");
        writeTo(draft);
        Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private void writeTo(Path file) throws IOException {
        List<Case> all = new ArrayList<>(cases);
        if (!over) {
            all.add(whole(UNFINISHED));
        } else if (all.isEmpty()) {
            all.add(whole(null));
        }
        try (Writer out = Files.newBufferedWriter(file)) {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            write(all, xml);
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    private void write(List<Case> all, XMLStreamWriter xml) throws XMLStreamException {
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", shown(script));
        xml.writeAttribute("tests", Integer.toString(all.size()));
        xml.writeAttribute("failures", count(all, "failure"));
        xml.writeAttribute("errors", count(all, "error"));
        xml.writeAttribute("skipped", "0");
        xml.writeAttribute("time", seconds(elapsed()));
        xml.writeAttribute("timestamp", begin.truncatedTo(ChronoUnit.SECONDS).toString());
        for (Case test : all) {
            write(test, xml);
        }
        xml.writeEndElement();
    }

    private static String count(List<Case> all, String element) {
        return Long.toString(all.stream()
                .filter(test ->
                        test.trouble() != null && test.trouble().element().equals(element))
                .count());
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - beginNanos);
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3f", time.toMillis() / MILLIS);
    }

    private void write(Case test, XMLStreamWriter xml) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", shown(className()));
        xml.writeAttribute("name", shown(test.name()));
        xml.writeAttribute("time", seconds(test.duration()));
        if (test.trouble() != null) {
            String message = shown(test.trouble().message());
            xml.writeStartElement(test.trouble().element());
            xml.writeAttribute("type", shown(test.trouble().type()));
            xml.writeAttribute("message", message.lines().findFirst().orElse(""));
            xml.writeCharacters(message);
            xml.writeEndElement();
        }
        text("system-out", test.out(), xml);
        text("system-err", test.err(), xml);
        xml.writeEndElement();
    }

    /** Returns the script's path as readers of the file show classes: what is before the last dot is its package. */
    private String className() {
        return script.replaceFirst("^[./]+", "")
                .replaceFirst("(\\.ctr)?\\.groovy$", "")
                .replace('.', '_')
                .replace('/', '.');
    }

    private void text(String element, String text, XMLStreamWriter xml) throws XMLStreamException {
        if (!text.isEmpty()) {
            xml.writeStartElement(element);
            xml.writeCharacters(clean(secrets.masked(text)));
            xml.writeEndElement();
        }
    }

    /** What a program wrote is the record of it; the words about it are text to read. */
    private String shown(String text) {
        return clean(Shown.lines(secrets.masked(text)));
    }

    /** Takes out what XML has no way to say, escaped or not. */
    private static String clean(String text) {
        return NOT_IN_XML.matcher(text).replaceAll("?");
    }
}
