package dev.gantry.repl;

import dev.gantry.dsl.Language;
import dev.gantry.dsl.ScriptParams;
import dev.gantry.dsl.ScriptRunner;
import dev.gantry.dsl.live.LiveContainer;
import dev.gantry.error.ContainerException;
import dev.gantry.files.IoReason;
import dev.gantry.files.RawPath;
import dev.gantry.host.HostFacts;
import dev.gantry.plan.LaunchOptions;
import dev.gantry.plan.compile.PlanCompiler;
import dev.gantry.text.Secrets;
import dev.gantry.value.Definition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** What begins with a colon: about the session, not part of it. Not thread-safe. */
final class ColonCommands {
    private static final Map<String, String> SUMMARIES = summariesInOrder();

    private final Session session;
    private final Map<String, BiConsumer<Session, String>> actions = Map.of(
            "help", (s, argument) -> s.print(help(argument)),
            "doc", (s, argument) -> s.print(doc(argument)),
            "list", (s, argument) -> list(s),
            "load", ColonCommands::load,
            "save", ColonCommands::save,
            "edit", (s, argument) -> s.edit(argument),
            "time", ColonCommands::time,
            "explain", ColonCommands::explain,
            "trace", (s, argument) -> s.trace(),
            "quit", (s, argument) -> s.quit());

    ColonCommands(Session session) {
        this.session = session;
    }

    private static Map<String, String> summariesInOrder() {
        Map<String, String> summaries = new LinkedHashMap<>();
        summaries.put("help", "shows the commands, or what is known about a word");
        summaries.put("doc", "shows a word with its example");
        summaries.put("list", "lists containers and variables");
        summaries.put("load", "evaluates a file");
        summaries.put("save", "writes the session as a script that runs");
        summaries.put("edit", "opens $EDITOR, then evaluates what was written");
        summaries.put("time", "evaluates and tells how long it took");
        summaries.put("explain", "prints the launch plan of a container");
        summaries.put("doctor", "tells what this machine has, and what to do for what it lacks");
        summaries.put("trace", "shows the stack of the last error");
        summaries.put("quit", "ends the session and deletes its containers");
        return summaries;
    }

    static boolean isOne(String line) {
        return line.stripLeading().startsWith(":");
    }

    /** Returns what each command does, by name, in the order of the help. */
    static Map<String, String> summaries() {
        return SUMMARIES;
    }

    /** Runs a line that {@link #isOne}; a unique beginning of the name is enough. */
    void run(String line) {
        String[] parts = line.strip().substring(1).split("\\s+", 2);
        List<String> names = SUMMARIES.keySet().stream()
                .filter(name -> name.startsWith(parts[0]))
                .toList();
        String argument = parts.length == 1 ? "" : parts[1].strip();
        if (parts[0].isEmpty() || names.isEmpty()) {
            throw new ReplException("no command is called `:%s`; `:help` lists them".formatted(parts[0]));
        }
        String name = names.contains(parts[0]) ? parts[0] : names.get(0);
        if (names.size() > 1 && !name.equals(parts[0])) {
            throw new ReplException("`:%s` may be :%s".formatted(parts[0], String.join(" or :", names)));
        }
        if (name.equals("doctor")) {
            session.print(new Doctor(session.ink()).report());
        } else {
            actions.get(name).accept(session, argument);
        }
    }

    private static String help(String word) {
        if (isOne(word)) {
            return helpOfCommand(word.strip().substring(1));
        }
        if (!word.isEmpty()) {
            return Language.find(word).isEmpty() && SUMMARIES.containsKey(word) ? helpOfCommand(word) : doc(word);
        }
        StringBuilder text =
                new StringBuilder("Everything but these commands is Groovy with the words of a .ctr.groovy file.\n\n");
        SUMMARIES.forEach((name, summary) -> text.append("  :%-8s  %s%n".formatted(name, summary)));
        text.append("\nwords: ");
        Language.words(List.of()).forEach(each -> text.append(each.name()).append(' '));
        text.append("attach watch\nTab completes; Ctrl-C cancels; Ctrl-D on an empty line leaves.");
        return text.toString();
    }

    private static String helpOfCommand(String name) {
        return ":%s%n  %s".formatted(name, required(name));
    }

    private static String required(String name) {
        String summary = SUMMARIES.get(name);
        if (summary == null) {
            throw new ReplException("no command is called `:%s`; `:help` lists them".formatted(name));
        }
        return summary;
    }

    /** Returns what is known about a word of the language. */
    static String doc(String word) {
        List<Language.Word> found = Language.find(word);
        if (found.isEmpty()) {
            throw new ReplException("no word is called `%s`".formatted(word));
        }
        StringBuilder text = new StringBuilder();
        for (Language.Word each : found) {
            text.append("%s (%s)%n  %s%n  %s%n".formatted(each.name(), each.block(), each.summary(), each.example()));
            if (!each.options().isEmpty()) {
                text.append("  options: %s%n".formatted(String.join(", ", each.options())));
            }
        }
        return text.toString().stripTrailing();
    }

    private static void list(Session s) {
        if (!s.script().containers().isEmpty()) {
            s.show(s.script().containers());
        }
        Map<String, Object> variables = new LinkedHashMap<>(s.script().variables());
        variables.keySet().removeAll(Session.WORDS);
        variables
                .entrySet()
                .removeIf(
                        each -> // those are in the list above
                        each.getValue() instanceof LiveContainer box
                                        && box.getId().equals(each.getKey()));
        if (!variables.isEmpty()) {
            s.show(variables);
        }
    }

    private static void load(Session s, String file) {
        s.load(RawPath.here(required("load", file)));
    }

    private static void save(Session s, String file) {
        Path path = RawPath.here(required("save", file));
        try {
            Files.writeString(path, s.script().text());
        } catch (IOException e) {
            throw new ReplException("save `%s`: %s".formatted(RawPath.text(path), IoReason.of(e)), e);
        }
        try {
            ScriptRunner.check(path, List.of(), ScriptParams.of(List.of()), new Secrets());
        } catch (ContainerException e) {
            throw new ReplException("saved, but it does not run as a script:\n" + e.line(), e);
        }
        s.print("saved; run it by: gantry " + path);
    }

    private static void time(Session s, String text) {
        long begin = System.nanoTime();
        s.evaluate(required("time", text));
        s.show(Duration.ofNanos(System.nanoTime() - begin));
    }

    private static void explain(Session s, String wanted) {
        Map<String, Definition> definitions = s.script().definitions();
        definitions.forEach((id, definition) -> {
            if (wanted.isEmpty() || wanted.equals(id)) {
                LaunchOptions options =
                        LaunchOptions.of(id, RawPath.text(definition.bundle()), "/run/gantry/%s/rootfs".formatted(id));
                s.show(PlanCompiler.compile(
                        definition.config(), definition.sources(), HostFacts.readFor(definition.config()), options));
            }
        });
        if (!wanted.isEmpty() && !definitions.containsKey(wanted)) {
            throw new ReplException("explain `%s`: no container of that name is defined".formatted(wanted));
        }
    }

    private static String required(String command, String argument) {
        if (argument.isEmpty()) {
            throw new ReplException("`:%s` wants an argument".formatted(command));
        }
        return argument;
    }
}
