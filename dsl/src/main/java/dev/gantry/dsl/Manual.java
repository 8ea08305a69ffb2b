package dev.gantry.dsl;

import dev.gantry.dsl.live.CommandResult;
import dev.gantry.dsl.live.ContainerFile;
import dev.gantry.dsl.live.CtrScript;
import dev.gantry.dsl.live.LiveContainer;
import dev.gantry.dsl.live.LivePod;
import dev.gantry.dsl.live.LiveProcess;
import dev.gantry.dsl.word.Keywords;
import dev.gantry.dsl.word.Kinds;
import groovy.lang.Closure;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes the language reference, {@code docs/dsl.md}, from the words themselves. A pure function. */
final class Manual {
    private static final String HEAD = """
            # The language of scripts

            A `.ctr.groovy` file is Groovy with the words below; what it says about names and types is checked before it
            runs, unless a line of its own says `// @dynamic`. Sizes are `64.MiB`, `'64m'` or a number of bytes; times \
            are
            `2.s`, `500.ms` or `'2s'`. Relative paths count from the script's directory. A script is code: it can do
            whatever the user who runs it can.

            This file is generated: `mvn -pl dsl -am test -Dtest=ManualSpec -DupdateGolden`.
            """;

    private Manual() {}

    static String text() {
        StringBuilder text = new StringBuilder(HEAD);
        for (Keywords keywords : Keywords.all()) {
            String title =
                    keywords.type() == CtrScript.class ? "At the top" : "In `%s { }`".formatted(keywords.label());
            section(title, keywords.type(), text);
        }
        section("Of a container: `box.`", LiveContainer.class, text);
        section("Of a pod: `web.`", LivePod.class, text);
        properties(text);
        types(text);
        return text.toString();
    }

    private static void section(String title, Class<?> type, StringBuilder text) {
        text.append("\n## ").append(title).append("\n");
        for (Language.Word word : Language.wordsOf(type)) {
            text.append("\n### `").append(word.name()).append("`\n\n").append(word.summary());
            if (!word.options().isEmpty()) {
                text.append(" Options: `")
                        .append(String.join("`, `", word.options()))
                        .append("`.");
            }
            text.append("\n\n```groovy\n").append(word.example()).append("\n```\n");
        }
    }

    /** What is read after a dot, by what it is read of. */
    private static void properties(StringBuilder text) {
        text.append("\n## Properties\n\n| of | properties |\n|---|---|\n");
        TreeMap<String, Class<?>> types = new TreeMap<>();
        types.put("a container", LiveContainer.class);
        types.put("a result of `exec`", CommandResult.class);
        types.put("a spawned process", LiveProcess.class);
        types.put("a file, `box.fs['/path']`", ContainerFile.class);
        types.put("a pod", LivePod.class);
        types.forEach((name, type) -> text.append("| ")
                .append(name)
                .append(" | ")
                .append(names(type).stream().map("`%s`"::formatted).collect(Collectors.joining(", ")))
                .append(" |\n"));
    }

    /** The names of types, for variables and functions that say one. */
    private static void types(StringBuilder text) {
        text.append(
                        "\n## Types\n\nA variable or a function may say what it holds or returns: `Container box = boxes.db`.")
                .append(" A script that has a class of such a name, or imports one, means that.\n\n")
                .append("| type | is |\n|---|---|\n");
        Keywords.types()
                .forEach((name, type) -> text.append("| `")
                        .append(name)
                        .append("` | ")
                        .append(Kinds.of(type))
                        .append(" |\n"));
    }

    private static List<String> names(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getDeclaringClass().getPackageName().startsWith(Manual.class.getPackageName()))
                .filter(method ->
                        method.getParameterCount() == 0 && method.getName().matches("get[A-Z]\\w*"))
                .filter(method -> method.getReturnType() != Closure.class)
                .map(Method::getName)
                .map(name -> Character.toLowerCase(name.charAt(3)) + name.substring(4))
                .distinct()
                .sorted()
                .toList();
    }
}
