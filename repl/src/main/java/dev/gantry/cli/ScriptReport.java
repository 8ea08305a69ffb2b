package dev.gantry.cli;

import dev.gantry.dsl.ScriptEvents;
import dev.gantry.json.Json;
import dev.gantry.json.JsonObjectBuilder;
import dev.gantry.runtime.ExecResult;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** What a script did, for people and machines that did not watch: a summary, a JUnit file, a log. Thread-safe. */
final class ScriptReport implements ScriptEvents {
    private static final double MILLIS = 1_000.0;
    private static final Pattern NOT_IN_XML = Pattern.compile("[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD]");

    private final String script;
    private final PrintStream log;
    private final List<Case> cases = new ArrayList<>();
    private final List<String> summary = new ArrayList<>();

    private record Case(String name, Duration duration, String failure, String out, String err) {}

    /**
     * Creates a report.
     *
     * @param log receives a JSON object a line for everything that happens; null for none
     */
    ScriptReport(String script, PrintStream log) {
        this.script = script;
        this.log = log;
    }

    @Override
    public synchronized void checked(ExecResult result, RuntimeException failure) {
        String name = String.join(" ", result.args());
        cases.add(new Case(name, result.duration(), message(failure), result.out(), result.err()));
        log(
                "exec",
                new JsonObjectBuilder()
                        .string("command", name)
                        .number("exit", (long) result.exit())
                        .number("millis", result.duration().toMillis()));
    }

    @Override
    public synchronized void step(String name, Duration duration, Throwable failure) {
        cases.add(new Case(name, duration, message(failure), "", ""));
        log(
                "step",
                new JsonObjectBuilder()
                        .string("name", name)
                        .string("failure", message(failure))
                        .number("millis", duration.toMillis()));
    }

    private static String message(Throwable failure) {
        return failure == null ? null : String.valueOf(failure.getMessage());
    }

    @Override
    public synchronized void made(String id) {
        log("made", new JsonObjectBuilder().string("container", id));
    }

    @Override
    public synchronized void ended(String id, String status, int exit, Duration lifetime) {
        String how = exit < 0 ? status : "%s with %d".formatted(status, exit);
        summary.add("%-20s %-20s %8.1f s".formatted(id, how, lifetime.toMillis() / MILLIS));
        log(
                "ended",
                new JsonObjectBuilder()
                        .string("container", id)
                        .string("status", status)
                        .number("exit", exit < 0 ? null : (long) exit)
                        .number("millis", lifetime.toMillis()));
    }

    /** Tells of the script's end by an error, which becomes a test case if no other has failed. */
    synchronized void failed(String line) {
        if (cases.stream().allMatch(one -> one.failure() == null)) {
            cases.add(new Case(script, Duration.ZERO, line, "", ""));
        }
        log("error", new JsonObjectBuilder().string("message", line));
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

    /** Writes the file that CI systems read. */
    synchronized void writeJUnit(Path file) throws IOException {
        try (Writer out = Files.newBufferedWriter(file)) {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", script);
            xml.writeAttribute("tests", Integer.toString(cases.size()));
            xml.writeAttribute(
                    "failures",
                    Long.toString(
                            cases.stream().filter(one -> one.failure() != null).count()));
            for (Case one : cases) {
                write(one, xml);
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    private void write(Case one, XMLStreamWriter xml) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", script);
        xml.writeAttribute("name", clean(one.name()));
        xml.writeAttribute(
                "time", String.format(Locale.ROOT, "%.3f", one.duration().toMillis() / MILLIS));
        if (one.failure() != null) {
            xml.writeStartElement("failure");
            xml.writeAttribute(
                    "message", clean(one.failure().lines().findFirst().orElse("")));
            xml.writeCharacters(clean(one.failure()));
            xml.writeEndElement();
        }
        text("system-out", one.out(), xml);
        text("system-err", one.err(), xml);
        xml.writeEndElement();
    }

    private static void text(String element, String text, XMLStreamWriter xml) throws XMLStreamException {
        if (!text.isEmpty()) {
            xml.writeStartElement(element);
            xml.writeCharacters(clean(text));
            xml.writeEndElement();
        }
    }

    /** Takes out what XML has no way to say, escaped or not. */
    private static String clean(String text) {
        return NOT_IN_XML.matcher(text).replaceAll("?");
    }
}
