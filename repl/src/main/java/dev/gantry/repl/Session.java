package dev.gantry.repl;

import dev.gantry.dsl.InteractiveScript;
import dev.gantry.dsl.InteractiveScript.Evaluation;
import dev.gantry.dsl.live.ContainerEvent;
import dev.gantry.dsl.source.ScriptFailure;
import dev.gantry.dsl.source.ScriptMistakes;
import dev.gantry.error.ContainerException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What the prompt and its commands share: the script, where to print, and what happened last. Not thread-safe. */
final class Session implements AutoCloseable {
    /** Variables that the session itself brings along. */
    static final Set<String> WORDS = Set.of("containers", "attach", "watch");

    private final InteractiveScript script;
    private final Evaluator evaluator;
    private final Ink ink;
    private final Renderer renderer;
    private final Consumer<String> out;
    private final Consumer<String> values;
    private final Consumer<String> err;
    private final Thread atExit;
    private Runnable clear = () -> {};
    private Editor editor = text -> {
        throw new ReplException("there is no terminal to edit at");
    };
    private Throwable last;
    private int status;
    private boolean ended;

    /** Lets a person edit a text, and returns it. */
    interface Editor {
        String edit(String text);
    }

    /**
     * Begins a session.
     *
     * @param out receives texts, each of one or more lines, without a line feed at the end
     * @param values receives the values of texts that nobody asked to show, likewise
     * @param err receives what went wrong, likewise
     */
    Session(InteractiveScript script, Ink ink, Consumer<String> out, Consumer<String> values, Consumer<String> err) {
        this.script = script;
        this.evaluator = new Evaluator();
        this.ink = ink;
        this.renderer = new Renderer(ink);
        this.out = out;
        this.values = values;
        this.err = err;
        script.variables().put("containers", script.containers());
        this.atExit = new Thread(script::close, "gantry-end"); // a signal may end the process before close() does
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    InteractiveScript script() {
        return script;
    }

    Ink ink() {
        return ink;
    }

    void editWith(Editor other) {
        this.editor = other;
    }

    /** Runs a line of either kind; tells of its failure, and remembers it. */
    void run(String line) {
        attempt(() -> {
            if (ColonCommands.isOne(line)) {
                new ColonCommands(this).run(line);
            } else if (PlainWords.isOne(line, script.variables().keySet())) {
                PlainWords.run(line, this);
            } else {
                evaluate(line);
            }
        });
    }

    /** Does the same with a file. */
    void runFile(Path file) {
        attempt(() -> load(file));
    }

    private void attempt(Runnable work) {
        evaluator.forgetCancellations(); // they were meant for the line before
        try {
            work.run();
            status = ended ? status : 0;
        } catch (Throwable e) { // the edge: whatever happened becomes a message, and the session goes on
            failed(e);
        }
    }

    /** Evaluates a text and shows its value. */
    void evaluate(String text) {
        if (!text.isBlank()) {
            evaluate(() -> script.evaluate(text));
        }
    }

    /** Evaluates a file, whose lines its mistakes name, and shows its last value. */
    void load(Path file) {
        evaluate(() -> script.evaluate(file));
    }

    /** What to show of a value is made where the value was: its own code may take for ever. */
    private void evaluate(Supplier<Evaluation> work) {
        AtomicReference<String> shown = new AtomicReference<>();
        Evaluation evaluation = evaluator.evaluate(() -> {
            Evaluation made = work.get();
            renderer.render(made.value()).ifPresent(shown::set);
            return made;
        });
        OptionalInt exit = evaluation.exit();
        if (exit.isPresent()) {
            status = exit.getAsInt();
            ended = true;
        } else if (shown.get() != null) {
            values.accept(shown.get());
        }
    }

    /** Cancels what is being evaluated; may be called from any thread. */
    void cancel() {
        evaluator.cancel();
    }

    private void failed(Throwable e) {
        last = e;
        status = e instanceof ScriptFailure failure ? failure.exitStatus() : 1;
        if (e instanceof Evaluator.Abandoned) {
            err.accept(ink.warm("given up; it does not listen, and goes on until it ends by itself"));
        } else if (evaluator.wasCancelled()) {
            err.accept(ink.warm("interrupted"));
        } else if (e instanceof ScriptMistakes mistakes) {
            err.accept(ink.bad(mistakes.getMessage()));
        } else if (e instanceof ScriptFailure known) {
            err.accept(ink.bad(known.marked()));
        } else if (e instanceof ContainerException known) {
            err.accept(ink.bad(known.line()));
        } else if (e instanceof ReplException) {
            err.accept(ink.bad(e.getMessage()));
        } else {
            err.accept(ink.bad("internal error: %s; `:trace` shows the rest".formatted(e)));
        }
    }

    void show(Object value) {
        renderer.render(value).ifPresent(out);
    }

    /** Tells of what nobody asked for; of what is done at the prompt its value tells. */
    void notice(ContainerEvent event) {
        if (event.kind().equals("exit") || event.kind().equals("oom")) {
            new Renderer(ink).render(event).ifPresent(out);
        }
    }

    void print(String text) {
        out.accept(text);
    }

    /** Shows where the last error came from. */
    void trace() {
        if (last == null) {
            throw new ReplException("nothing has failed yet");
        }
        StringWriter text = new StringWriter();
        (last.getCause() == null ? last : last.getCause()).printStackTrace(new PrintWriter(text));
        print(ink.faint(text.toString().stripTrailing()));
    }

    void edit(String text) {
        String written = editor.edit(text);
        print(ink.faint(written.stripTrailing()));
        evaluate(written);
    }

    void clearBy(Runnable action) {
        this.clear = action;
    }

    void clear() {
        clear.run();
    }

    void quit() {
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Returns the status of {@code exit}, or else of the last line. */
    int status() {
        return status;
    }

    /** Deletes the containers of the session. */
    @Override
    public void close() {
        evaluator.close();
        script.close();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            return; // it is running
        }
    }
}
