package dev.gantry.repl;

import dev.gantry.dsl.InteractiveScript;
import dev.gantry.dsl.Language;
import dev.gantry.dsl.live.LiveContainer;
import dev.gantry.error.Shown;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.Capability;
import dev.gantry.oci.RlimitType;
import dev.gantry.seccomp.DefaultProfile;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/**
 * Proposes what can stand at the cursor: words of the block it is in, members of what is before a dot, names in quotes.
 * Looks only at what is in memory, and at directories of the host for paths; evaluates nothing. Thread-safe.
 */
final class KeywordCompleter implements Completer {
    private static final int MOST = 100;
    private static final Pattern CHAIN = Pattern.compile("([A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)*)\\.$");
    private static final Pattern SAID = Pattern.compile("([A-Za-z_]\\w*)[^\\n;{}]*$");

    private static final Pattern KEYED = Pattern.compile("(\\w+)\\.(cgroup|fs)\\[$");
    private static final Pattern INSIDE =
            Pattern.compile("(\\w+)\\.(?:exec|shell|spawn|command|copyOut)\\b[^\\n;{}]*$");

    private final InteractiveScript script;
    private final Prefetch prefetch;
    private final BlockWords words;
    private final Map<String, Supplier<Stream<String>>> values;

    KeywordCompleter(InteractiveScript script, Prefetch prefetch, BlockWords words) {
        this.script = script;
        this.prefetch = prefetch;
        this.words = words;
        Supplier<Stream<String>> capabilities =
                () -> Arrays.stream(Capability.values()).map(Enum::name);
        Supplier<Stream<String>> signals = () -> Arrays.stream(Signal.values()).map(Enum::name);
        Supplier<Stream<String>> calls = () -> DefaultProfile.callNames().stream();
        Supplier<Stream<String>> namespaces = () -> Stream.of("new", "host");
        this.values = Map.ofEntries(
                Map.entry("add", capabilities),
                Map.entry("drop", capabilities),
                Map.entry("ambient", capabilities),
                Map.entry("kill", signals),
                Map.entry(
                        "rlimit",
                        () -> Arrays.stream(RlimitType.values())
                                .map(type -> type.name().replaceFirst("^RLIMIT_", ""))),
                Map.entry("allow", calls),
                Map.entry("deny", calls),
                Map.entry("network", () -> Stream.of("none", "host")),
                Map.entry("pid", namespaces),
                Map.entry("ipc", namespaces),
                Map.entry("uts", namespaces),
                Map.entry("cgroup", namespaces),
                Map.entry("attach", this::ids),
                Map.entry("containers", this::ids));
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        String before = line.line().substring(0, line.cursor());
        String word = line.word();
        String prefix = before.substring(0, before.length() - word.length());
        proposals(before, prefix, word)
                .filter(candidate -> candidate.value().startsWith(word))
                .filter(candidate -> Shown.isPlain(candidate.value())) // a container may name its files as it likes
                .limit(MOST)
                .forEach(candidates::add);
    }

    private Stream<Candidate> proposals(String before, String prefix, String word) {
        if (ColonCommands.isOne(before)) {
            return ofCommand(prefix, word);
        }
        Draft draft = Draft.of(before);
        if (draft.isInString()) {
            return inQuotes(
                    before.substring(
                            0, draft.open().get(draft.open().size() - 1).at()),
                    word);
        }
        Matcher chain = CHAIN.matcher(prefix);
        if (chain.find()) {
            return type(chain.group(1)).map(KeywordCompleter::members).orElse(Stream.empty());
        }
        List<Language.Word> ofBlock = words.in(draft.blocks());
        boolean isAtTop = ofBlock.equals(words.in(List.of()));
        Stream<String> ofCall = draft.open().isEmpty()
                ? Stream.empty()
                : Language.wordsOf(LiveContainer.class).stream()
                        .filter(each -> each.name()
                                .equals(draft.open()
                                        .get(draft.open().size() - 1)
                                        .word()))
                        .flatMap(each -> each.options().stream());
        Stream<Candidate> options = Stream.concat(
                        ofCall,
                        word(prefix).stream()
                                .flatMap(name -> ofBlock.stream()
                                        .filter(each -> each.name().equals(name)))
                                .flatMap(each -> each.options().stream()))
                .distinct()
                .map(option -> new Candidate(option + ":", option + ":", null, "option", null, null, true));
        return Stream.of(
                        options,
                        ofBlock.stream().map(each -> candidate(each.name(), each.summary())),
                        List.copyOf(script.variables().keySet()).stream()
                                .filter(name -> isAtTop || !Session.WORDS.contains(name))
                                .map(name -> candidate(name, "")))
                .flatMap(each -> each);
    }

    private Stream<Candidate> ofCommand(String prefix, String word) {
        if (prefix.strip().equals(":")) {
            return ColonCommands.summaries().entrySet().stream()
                    .map(command -> candidate(command.getKey(), command.getValue()));
        }
        if (prefix.startsWith(":load") || prefix.startsWith(":save")) {
            return paths(word);
        }
        return prefix.startsWith(":help") || prefix.startsWith(":doc") ? everyWord() : Stream.empty();
    }

    private Stream<Candidate> everyWord() {
        return Stream.concat(
                        words.in(List.of()).stream(),
                        Stream.of("process", "mounts", "namespaces", "resources")
                                .flatMap(block -> words.in(List.of("container", block)).stream()))
                .map(each -> candidate(each.name(), each.summary()));
    }

    private Stream<String> ids() {
        return List.copyOf(script.containers().keySet()).stream();
    }

    /** The container that a variable or an id stands for. */
    private Optional<LiveContainer> container(String name) {
        Object value = script.variables().get(name);
        return Optional.ofNullable(
                value instanceof LiveContainer live ? live : script.containers().get(name));
    }

    /** Names of control files, and paths as a container sees them. */
    private Stream<Candidate> ofContainer(String beforeQuote, String word) {
        Matcher keyed = KEYED.matcher(beforeQuote);
        if (keyed.find()) {
            Optional<LiveContainer> container = container(keyed.group(1));
            return keyed.group(2).equals("fs")
                    ? container.stream().flatMap(each -> pathsIn(each, word))
                    : container.stream()
                            .flatMap(each ->
                                    prefetch
                                            .get(
                                                    "cgroup " + each.getId(),
                                                    () -> each.getCgroup().getNames())
                                            .stream())
                            .map(name -> candidate(name, ""));
        }
        Matcher inside = INSIDE.matcher(beforeQuote);
        return inside.find() && word.startsWith("/")
                ? container(inside.group(1)).stream().flatMap(each -> pathsIn(each, word))
                : Stream.empty();
    }

    private Stream<Candidate> pathsIn(LiveContainer container, String word) {
        String directory = word.substring(0, word.lastIndexOf('/') + 1);
        String listed = directory.isEmpty() ? "/" : directory;
        return prefetch
                .get("files %s %s".formatted(container.getId(), listed), () -> namesIn(container, listed))
                .stream()
                .map(name -> new Candidate(listed + name, name, null, null, null, null, !name.endsWith("/")));
    }

    private static List<String> namesIn(LiveContainer container, String directory) {
        return container.getFs().getAt(directory).list().stream()
                .map(name -> container.getFs().getAt(directory + name).isDirectory() ? name + "/" : name)
                .toList();
    }

    private Stream<Candidate> inQuotes(String beforeQuote, String word) {
        String name = word(beforeQuote).orElse("");
        if (beforeQuote.stripTrailing().endsWith("containers[")) {
            name = "containers";
        }
        Matcher called = Pattern.compile("\\.?(\\w+)\\s*\\(?\\s*$").matcher(beforeQuote);
        if (called.find() && values.containsKey(called.group(1))) {
            name = called.group(1);
        }
        Supplier<Stream<String>> known = values.get(name);
        if (known != null) {
            return known.get().map(value -> candidate(value, ""));
        }
        if (KEYED.matcher(beforeQuote).find() || INSIDE.matcher(beforeQuote).find()) {
            return ofContainer(beforeQuote, word);
        }
        return word.startsWith("/") || word.startsWith(".") ? paths(word) : Stream.empty();
    }

    /** The first name of the statement that the cursor is in: its word. */
    private static Optional<String> word(String prefix) {
        int start = Math.max(Math.max(prefix.lastIndexOf('\n'), prefix.lastIndexOf('{')), prefix.lastIndexOf(';')) + 1;
        Matcher word = SAID.matcher(prefix.substring(start));
        return word.find() ? Optional.of(word.group(1)) : Optional.empty();
    }

    /** Files of the host, of one directory only. */
    private Stream<Candidate> paths(String word) {
        int slash = word.lastIndexOf('/') + 1;
        String directory = word.substring(0, slash);
        return prefetch.get("host " + directory, () -> namesIn(directory)).stream()
                .map(name -> new Candidate(directory + name, name, null, null, null, null, !name.endsWith("/")));
    }

    private static List<String> namesIn(String directory) {
        String[] names = Path.of(directory.isEmpty() ? "." : directory).toFile().list();
        return names == null
                ? List.of()
                : Arrays.stream(names)
                        .sorted()
                        .map(name -> Path.of(directory + name).toFile().isDirectory() ? name + "/" : name)
                        .toList();
    }

    /** The type of {@code a.b.c}, by declarations alone. */
    private Optional<Class<?>> type(String chain) {
        String[] names = chain.split("\\.");
        Object value = names[0].equals("containers")
                ? script.containers()
                : script.variables().get(names[0]);
        Class<?> type = value == null ? null : value.getClass();
        for (int i = 1; i < names.length && type != null; i++) {
            type = property(type, names[i]);
        }
        return Optional.ofNullable(type);
    }

    private static Class<?> property(Class<?> type, String name) {
        String getter = "get" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        for (Method method : type.getMethods()) {
            boolean fits = method.getName().equals(name) || method.getName().equals(getter);
            if (fits && method.getParameterCount() == 0) {
                return method.getReturnType();
            }
        }
        return null;
    }

    private static Stream<Candidate> members(Class<?> type) {
        Map<String, String> members = new TreeMap<>();
        for (Method method : type.getMethods()) {
            boolean offered = !Modifier.isStatic(method.getModifiers())
                    && !method.isSynthetic()
                    && method.getDeclaringClass() != Object.class
                    && !method.getName().equals("toString")
                    && !method.getName().contains("$");
            if (offered) {
                members.putIfAbsent(memberName(method), "");
            }
        }
        if (type == LiveContainer.class) {
            Language.wordsOf(type).forEach(word -> members.put(word.name(), word.summary()));
        }
        return members.entrySet().stream().map(member -> candidate(member.getKey(), member.getValue()));
    }

    /** A getter is read as a property. */
    private static String memberName(Method method) {
        String name = method.getName();
        boolean isGetter = method.getParameterCount() == 0 && name.matches("get[A-Z].*");
        return isGetter ? name.substring(3, 4).toLowerCase(Locale.ROOT) + name.substring(4) : name;
    }

    private static Candidate candidate(String value, String description) {
        return new Candidate(value, value, null, description.isEmpty() ? null : description, null, null, false);
    }
}
