package dev.gantry.repl;

import dev.gantry.dsl.InteractiveScript;
import dev.gantry.runtime.Gantry;
import dev.gantry.text.Secrets;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.impl.DumbTerminal;
import org.jline.utils.InfoCmp;

/** The prompt: reads a text, evaluates it, shows what came of it. Used by one thread. */
public final class Repl {
    private static final int MENU_FROM = 100;

    private final Supplier<Gantry> gantry;
    private final Path directory;
    private final Secrets secrets;

    /**
     * Prepares a prompt.
     *
     * @param gantry asked when the first container is made; stays the caller's
     * @param directory against which relative paths count
     * @param secrets what the texts call {@code secret} is added there
     */
    public Repl(Supplier<Gantry> gantry, Path directory, Secrets secrets) {
        this.secrets = secrets;
        this.gantry = gantry;
        this.directory = directory;
    }

    /**
     * Reads texts without a terminal: no prompt, no colours, and nothing is shown but what the texts print.
     *
     * @param files evaluated first
     * @return the exit status: that of {@code exit}, or 0, or that of the last text if it failed
     */
    public int runQuietly(List<Path> files, BufferedReader in, PrintStream out, PrintStream err) throws IOException {
        try (InteractiveScript script = new InteractiveScript(gantry, out, directory, secrets);
                Session session = new Session(script, new Ink(false), out::println, text -> {}, err::println)) {
            files.forEach(session::runFile);
            StringBuilder text = new StringBuilder();
            Draft.Scan scan = new Draft.Scan(false);
            for (String line = in.readLine(); line != null && !session.hasEnded(); line = in.readLine()) {
                boolean isCommand = text.isEmpty() && ColonCommands.isOne(line);
                String more = text.isEmpty() ? line : "\n" + line;
                text.append(more);
                scan.add(more);
                if (isCommand || !scan.isUnfinished()) {
                    session.run(text.toString());
                    text.setLength(0);
                    scan = new Draft.Scan(false);
                }
            }
            if (!text.isEmpty() && !session.hasEnded()) {
                session.run(text.toString());
            }
            return session.status();
        }
    }

    /**
     * Reads texts at this process's own terminal until the user leaves; coloured unless {@code NO_COLOR} is set.
     *
     * @param files evaluated first
     * @return the exit status of {@code exit}, or 0
     * @throws IOException if there is no terminal
     */
    public int run(List<Path> files) throws IOException {
        try (Terminal terminal = ownTerminal()) {
            return run(files, terminal, isColoured(terminal));
        }
    }

    /**
     * Reads texts at a terminal until the user leaves.
     *
     * @param files evaluated first
     * @param terminal stays the caller's
     * @param coloured whether colours are wanted
     * @return the exit status of {@code exit}, or 0
     */
    public int run(List<Path> files, Terminal terminal, boolean coloured) {
        TerminalPrinter printer = new TerminalPrinter(terminal, secrets);
        InteractiveScript script = new InteractiveScript(gantry, printer.stream(), directory, secrets);
        String banner = "Gantry: containers under your fingers; :help, or Ctrl-D to leave";
        return run(script, banner, files, terminal, printer, coloured);
    }

    /**
     * Opens a prompt in the midst of a script, at this process's own terminal.
     *
     * @param why shown first
     * @return the status with which the script is to end; empty if the user just left
     */
    public static OptionalInt debug(InteractiveScript script, String why) {
        try (Terminal terminal = ownTerminal()) {
            TerminalPrinter printer = new TerminalPrinter(terminal, script.secrets());
            int status = run(script, why, List.of(), terminal, printer, isColoured(terminal));
            return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Opens this process's own terminal without asking it what it can: that takes up to 200 ms of every start, and what
     * is typed meanwhile is lost. JLine asks all terminals but Apple's, and has no other switch.
     */
    private static Terminal ownTerminal() throws IOException {
        return TerminalBuilder.builder()
                .system(true)
                .jni(true)
                .graphemeCluster(false)
                .env(name -> name.equals("TERM_PROGRAM") ? "Apple_Terminal" : System.getenv(name))
                .build();
    }

    private static boolean isColoured(Terminal terminal) {
        return System.getenv("NO_COLOR") == null && !terminal.getType().startsWith("dumb");
    }

    private static int run(
            InteractiveScript script,
            String banner,
            List<Path> files,
            Terminal terminal,
            TerminalPrinter printer,
            boolean coloured) {
        try (script;
                Prefetch prefetch = new Prefetch();
                Session session = new Session(
                        script,
                        new Ink(coloured, () -> terminal.getSize().getColumns()),
                        printer::print,
                        printer::print,
                        printer::print)) {
            BlockWords words = new BlockWords();
            LineReader reader = reader(terminal, new KeywordCompleter(script, prefetch, words), words, coloured);
            printer.above(reader);
            script.sitAt(new SharedTerminal(terminal, printer, script::leaveOut));
            script.noticeBy(session::notice);
            TerminalWords.add(session, terminal, printer);
            session.clearBy(() -> {
                terminal.puts(InfoCmp.Capability.clear_screen);
                terminal.flush();
            });
            terminal.handle(Terminal.Signal.INT, signal -> session.cancel());
            session.print(banner);
            files.forEach(session::runFile);
            read(reader, session, printer);
            return session.hasEnded() ? session.status() : 0;
        }
    }

    /**
     * Opens the prompt at a terminal that is not there, types a little and leaves: loads what a person will wait for.
     */
    public void train() throws IOException {
        String typed = " def a = [1, 'x']\n a.si\t()\n :help hostname\n"; // with a blank before it, for no history
        ByteArrayInputStream keys = new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8));
        try (Terminal terminal =
                new DumbTerminal("training", "ansi", keys, OutputStream.nullOutputStream(), StandardCharsets.UTF_8)) {
            run(List.of(), terminal, true);
        }
    }

    private static void read(LineReader reader, Session session, TerminalPrinter printer) {
        String prompt = session.ink().strong("gantry> ");
        boolean warned = false;
        while (!session.hasEnded()) {
            try {
                session.run(reader.readLine(prompt));
                printer.end();
                warned = false;
            } catch (UserInterruptException e) {
                if (e.getPartialLine().isBlank() && warned) {
                    session.print("Ctrl-D or :quit leaves, and deletes the session's containers");
                }
                warned = e.getPartialLine().isBlank();
            } catch (EndOfFileException e) {
                return;
            }
        }
    }

    private static LineReader reader(Terminal terminal, Completer completer, BlockWords words, boolean coloured) {
        LineReader reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("gantry")
                .parser(new LineParser())
                .completer(completer)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, "%P  ... ")
                .variable(LineReader.LIST_MAX, MENU_FROM)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
                .option(LineReader.Option.INSERT_TAB, false)
                .build();
        HistoryFile.keep(reader);
        CompletionKeys.bind(reader);
        if (coloured) {
            reader.setVariable(LineReader.BLINK_MATCHING_PAREN, 0);
            ((org.jline.reader.impl.LineReaderImpl) reader).setHighlighter(new GroovyHighlighter(words));
        }
        return reader;
    }
}
