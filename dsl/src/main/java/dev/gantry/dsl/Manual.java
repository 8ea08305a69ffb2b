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
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

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

    private static final String FACTS = """

            ## Errors

            What is wrong with a script is reported before it makes anything: all mistakes at once, each as
            `file:line:column: error: block: what is wrong; hint: what to write`. A word refuses an argument of another
            kind, an option that it does not have, and a value out of its range; `gantry check` tells without running.
            What the kernel refuses later ends the script with one line that names the call, the reason and the line
            that asked for it. A script can catch it: `try { box.start() } catch (e) { println e.message }`.

            ## Limits

            | what | how much |
            |---|---|
            | `box.logs` | the last mebibyte of what the first process has written |
            | the output of one `exec` | 64 MiB of each stream; what writes more is killed |
            | the output of `sh`, of `tee: true` and of `spawn` | any amount; the last 8 MiB of each stream are kept |
            | `waitFor { log ~/x/ }` | a line of up to one mebibyte is matched |
            | the id of a container | 1,024 letters, digits and `_+-.`, not beginning with a dot |
            | additional groups of a process | 1,024 |

            ## What deletes a container

            | what | when |
            |---|---|
            | the end of the script | always, however it ends: by its last line, `exit`, a failure, Ctrl-C, time |
            | `keep()` | keeps the containers at that end |
            | `box.run()`, `box.inside { }`, `box.withRun { }` | at their end |
            | `box.delete()`, `web.delete()` | at once; what runs only with `force: true` |
            | `:quit` and Ctrl-D at the prompt | all containers of the session |
            | `gantry sweep` | those of scripts whose process was killed by SIGKILL |

            The end of its first process and `box.stop()` leave a container stopped; it is not deleted by them.

            ## Exit statuses

            | status | when |
            |---|---|
            | 0 | the script came to its end |
            | N | the script said `exit N`, or a `check()` or `sh` failed whose command ended with N |
            | 1 | a mistake in the script, or any other failure |
            | 124 | the time of `--timeout` was over |
            | 126, 127 | a program could not be executed, or was not found |
            | 130, 143 | Ctrl-C, SIGTERM |
            | 3 | there is no such command or script |
            | 255 | `gantry exec` could not start the program |
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
        text.append(FACTS);
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
            text.append('\n').append(facts(word)).append('\n');
        }
    }

    /** One line: what it takes, gives, and is without being written. */
    private static String facts(Language.Word word) {
        String takes = "Takes " + String.join("; or ", word.forms());
        String gives = word.result().isEmpty() ? "" : ". Gives " + word.result();
        String byDefault = word.byDefault().isEmpty() ? "" : ". By default: " + word.byDefault();
        return "%s%s%s. Since %s.".formatted(takes, gives, byDefault, word.since());
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
                .append(String.join(", ", properties(type)))
                .append(" |\n"));
    }

    /** The names of types, for variables and functions that say one. */
    private static void types(StringBuilder text) {
        text.append("\n## Types\n\nA variable or a function may say what it holds or returns: "
                        + "`Container box = boxes.db`.")
                .append(" A script that has a class of such a name, or imports one, means that.\n\n")
                .append("| type | is |\n|---|---|\n");
        Keywords.types()
                .forEach((name, type) -> text.append("| `")
                        .append(name)
                        .append("` | ")
                        .append(Kinds.of(type))
                        .append(" |\n"));
    }

    /** Returns each property with what it is. */
    private static List<String> properties(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getDeclaringClass().getPackageName().startsWith(Manual.class.getPackageName()))
                .filter(method ->
                        method.getParameterCount() == 0 && method.getName().matches("get[A-Z]\\w*"))
                .filter(method -> method.getReturnType() != Closure.class)
                .map(method -> "`%s` (%s)"
                        .formatted(
                                Character.toLowerCase(method.getName().charAt(3))
                                        + method.getName().substring(4),
                                Kinds.of(method.getReturnType()).replace("`", "")))
                .distinct()
                .sorted()
                .toList();
    }
}
